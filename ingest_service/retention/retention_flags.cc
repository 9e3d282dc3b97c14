#include "ingest_service/retention/retention_flags.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "ingest_service/payloads/folder.h"
#include "ingest_service/payloads/s3_bucket.h"
#include "shared/rpc/flags.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kMaxAmount = 1'000'000;

absl::Duration UnitOf(char unit) {
  switch (unit) {
    case 'd':
      return absl::Hours(24);
    case 'h':
      return absl::Hours(1);
    case 'm':
      return absl::Minutes(1);
    case 's':
      return absl::Seconds(1);
    default:
      return absl::ZeroDuration();
  }
}

// Infinite for an empty text and 0.
absl::StatusOr<absl::Duration> ParseAge(std::string_view flag, std::string_view text) {
  if (text.empty() || text == "0") return absl::InfiniteDuration();
  int64_t amount = 0;
  // A whole number and one letter.
  const char* const end = text.data() + text.size() - 1;
  const auto number = std::from_chars(text.data(), end, amount);
  const absl::Duration unit = UnitOf(text.back());
  const bool valid = number.ec == std::errc() && number.ptr == end && amount > 0 &&
                     amount <= kMaxAmount && unit > absl::ZeroDuration();
  if (valid) return amount * unit;
  return errors::InvalidConfiguration(flag, fmt::format("'{}'", text),
                                      "a number and d, h, m or s, such as 7d; 0 for never");
}

absl::StatusOr<std::unique_ptr<ObjectStore>> OpenArchive(const RetentionFlags& flags) {
  const bool in_bucket = !flags.s3_bucket.empty() || !flags.s3_endpoint.empty();
  if (!flags.archive_dir.empty() && in_bucket) {
    return errors::InvalidConfiguration("--archive-dir and --archive-s3-bucket", "both",
                                        "one of them: there is one archive");
  }
  if (in_bucket) {
    return S3Bucket::Open(
        {flags.s3_endpoint, flags.s3_bucket, flags.s3_region, flags.s3_credentials_file});
  }
  if (!flags.archive_dir.empty()) return Folder::Open(flags.archive_dir);
  return std::unique_ptr<ObjectStore>();
}

}  // namespace

void AddRetentionFlags(CLI::App& app, RetentionFlags& flags) {
  const auto add = [&app](const char* flag, auto& value, const char* help) {
    rpc::AddFlag(app, flag, value, help);
  };
  add("--compress-after", flags.compress_after,
      "compress interactions in the store at this age, such as 7d; default never");
  add("--archive-after", flags.archive_after,
      "move interactions to the archive at this age; default never");
  add("--thin-after", flags.thin_after,
      "at this age keep a sample of what neither failed nor has a signal; default never");
  add("--thin-share", flags.thin_share, "the share of those that stays, above 0 to 1");
  add("--delete-after", flags.delete_after,
      "delete interactions and signals at this age; default never");
  add("--retention-interval", flags.interval, "apply these rules so often");
  add("--archive-dir", flags.archive_dir, "the archive is this folder");
  add("--archive-s3-endpoint", flags.s3_endpoint,
      "the archive is in a bucket of this S3-compatible store, such as https://s3.example.com");
  add("--archive-s3-bucket", flags.s3_bucket, "the bucket's name");
  add("--archive-s3-region", flags.s3_region, "the bucket's region");
  add("--archive-s3-credentials-file", flags.s3_credentials_file,
      "file with aws_access_key_id = ... and aws_secret_access_key = ...");
}

absl::StatusOr<Retention> OpenRetention(const RetentionFlags& flags) {
  Retention retention;
  RetentionRules& rules = retention.rules;
  ASSIGN_OR_RETURN(rules.compress_after, ParseAge("--compress-after", flags.compress_after));
  ASSIGN_OR_RETURN(rules.archive_after, ParseAge("--archive-after", flags.archive_after));
  ASSIGN_OR_RETURN(rules.thin_after, ParseAge("--thin-after", flags.thin_after));
  ASSIGN_OR_RETURN(rules.delete_after, ParseAge("--delete-after", flags.delete_after));
  ASSIGN_OR_RETURN(retention.interval, ParseAge("--retention-interval", flags.interval));
  // 0 means never for an age; an interval of never would be rules that are not applied.
  if (retention.interval == absl::InfiniteDuration()) {
    return errors::InvalidConfiguration("--retention-interval", "never", "such as 1m");
  }
  // Not (a > 0 && a <= 1) alone: what is no number is neither.
  if (!(flags.thin_share > 0 && flags.thin_share <= 1)) {
    return errors::InvalidConfiguration("--thin-share", fmt::format("{}", flags.thin_share),
                                        "above 0, at most 1");
  }
  rules.thin_share = flags.thin_share;
  // Opened at the start, so that a wrong folder or bucket is found then.
  ASSIGN_OR_RETURN(retention.archive, OpenArchive(flags));
  if (rules.archive_after < absl::InfiniteDuration() && retention.archive == nullptr) {
    return errors::InvalidConfiguration("--archive-after", flags.archive_after,
                                        "--archive-dir or --archive-s3-bucket with it");
  }
  return retention;
}

}  // namespace flywheel::ingest
