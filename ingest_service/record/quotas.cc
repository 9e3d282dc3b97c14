#include "ingest_service/record/quotas.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>

#include "shared/files/files.h"
#include "shared/ids/id.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr absl::Duration kCountEvery = absl::Seconds(1);
// A service's key names projects as it likes: they must not fill the memory.
constexpr size_t kMaxProjects = 100'000;

bool ParseLimit(const std::string& word, int64_t& limit) {
  if (word == "-") return true;
  const char* const end = word.data() + word.size();
  const auto [parsed, error] = std::from_chars(word.data(), end, limit);
  return error == std::errc() && parsed == end && limit >= 0;
}

}  // namespace

absl::StatusOr<QuotaTable> ReadQuotas(const std::string& path) {
  constexpr std::string_view kFlag = "--quotas-file";
  // One project a line; what stands behind # is for people.
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return errors::InvalidConfiguration(
        kFlag, fmt::format("'{}', which cannot be read", path),
        "a readable file with one 'PROJECT ITEMS_PER_SECOND STORED_ROWS' a line");
  }
  QuotaTable table;
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string project, rate, rows, more;
    if (!(words >> project)) continue;
    Quota quota;
    if (!(words >> rate >> rows) || (words >> more) || !ParseLimit(rate, quota.items_per_second) ||
        !ParseLimit(rows, quota.stored_rows) || (project != "*" && !IsValidId(project))) {
      return errors::InvalidConfiguration(
          kFlag, fmt::format("line {} of '{}', which is malformed", number, path),
          "PROJECT ITEMS_PER_SECOND STORED_ROWS: a project of A-Z a-z 0-9 . _ : - or * for all "
          "others, and two whole numbers from 0, or - for no limit");
    }
    if (!table.emplace(project, quota).second) {
      return errors::InvalidConfiguration(
          kFlag, fmt::format("project {} twice, again in line {}", project, number),
          "every project once");
    }
  }
  return table;
}

const Quota* Quotas::Find(const std::string& project) const {
  const auto named = table_.find(project);
  const auto found = named != table_.end() ? named : table_.find("*");
  return found == table_.end() ? nullptr : &found->second;
}

absl::Status Quotas::Consume(const std::string& project, int64_t items) {
  const Quota* const quota = Find(project);
  if (quota == nullptr) return absl::OkStatus();
  const absl::Time now = clock_->Now();
  // Rows first: a batch that finds no room should not use up the rate.
  if (quota->stored_rows != Quota::kUnlimited) {
    RETURN_IF_ERROR(CheckRows(project, quota->stored_rows, items, now));
  }
  const int64_t rate = quota->items_per_second;
  if (rate == Quota::kUnlimited) return absl::OkStatus();
  // Nothing is allowed at all, so waiting would not help.
  if (rate == 0) return errors::QuotaExceeded(project, "items a second", rate);
  absl::MutexLock lock(&mutex_);
  Usage& usage = usage_[project];
  if (!usage.bucket) usage.bucket.emplace(rate, now);
  const absl::Duration wait = usage.bucket->Take(items, now);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return errors::QuotaExceeded(project, "items a second", rate, wait);
}

absl::Status Quotas::CheckRows(const std::string& project, int64_t limit, int64_t items,
                               absl::Time now) {
  {
    absl::MutexLock lock(&mutex_);
    // What is forgotten is counted again, and its rate begins anew.
    if (usage_.size() >= kMaxProjects) usage_.clear();
    Usage& usage = usage_[project];
    const bool fresh = now >= usage.count_time && now < usage.count_time + kCountEvery;
    // At the limit it is counted anew: some of what came were replays, and erasing makes room.
    if (fresh && usage.rows + items <= limit) {
      usage.rows += items;
      return absl::OkStatus();
    }
  }
  // Outside of the lock: it reads the store.
  ASSIGN_OR_RETURN(const int64_t rows, count_rows_(project));
  absl::MutexLock lock(&mutex_);
  Usage& usage = usage_[project];
  usage.rows = rows;
  usage.count_time = now;
  if (rows + items > limit) return errors::QuotaExceeded(project, "stored rows", limit);
  usage.rows += items;
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
