#include "ingest_service/store/privacy_record_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// All kinds stand in one table, so that the feed merges one more and not three; each leaves the
// columns of the others empty. A rewrite has its scan and the record in those of a tombstone.
constexpr char kAddRecordSql[] = R"sql(
    INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id,
                                 erased_sequences, is_last, user_pseudonym, purpose, allowed,
                                 event_time_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

// As they are stored: in one text, because nobody looks for one of them.
std::vector<int64_t> ParseSequences(std::string_view text) {
  std::vector<int64_t> sequences;
  const char* const end = text.data() + text.size();
  for (const char* place = text.data(); place != end;) {
    int64_t sequence = 0;
    place = std::from_chars(place, end, sequence).ptr;
    sequences.push_back(sequence);
    if (place != end) ++place;
  }
  return sequences;
}

}  // namespace

absl::Status PrivacyRecordStore::AddTombstone(const std::string& project,
                                              const Tombstone& tombstone, int64_t sequence,
                                              absl::Time commit_time) {
  return connection_.Prepare(kAddRecordSql)
      .Bind(sequence, project, static_cast<int>(RecordKind::kTombstone), commit_time,
            tombstone.erasure_id, fmt::format("{}", fmt::join(tombstone.sequences, " ")),
            tombstone.last, "", 0, false, 0)
      .Run();
}

absl::Status PrivacyRecordStore::AddConsentChange(const std::string& project,
                                                  const ConsentStatement& consent, int64_t sequence,
                                                  absl::Time commit_time) {
  return connection_.Prepare(kAddRecordSql)
      .Bind(sequence, project, static_cast<int>(RecordKind::kConsent), commit_time, "", "", false,
            consent.user_pseudonym, static_cast<int>(consent.purpose), consent.allowed,
            consent.event_time)
      .Run();
}

absl::Status PrivacyRecordStore::AddRewrite(const std::string& project, const Rewrite& rewrite,
                                            int64_t sequence, absl::Time commit_time) {
  return connection_.Prepare(kAddRecordSql)
      .Bind(sequence, project, static_cast<int>(RecordKind::kRewrite), commit_time, rewrite.scan_id,
            rewrite.sequence == 0 ? "" : std::to_string(rewrite.sequence), rewrite.last, "", 0,
            false, 0)
      .Run();
}

absl::Status PrivacyRecordStore::ReadRecord(FeedEntry& entry) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT erasure_id, erased_sequences, is_last, user_pseudonym, purpose, allowed, event_time_us
      FROM privacy_records WHERE sequence = ?)sql");
  select.Bind(entry.sequence);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal(fmt::format("the feed has no privacy record {}", entry.sequence));
  }
  if (entry.kind == RecordKind::kTombstone) {
    entry.tombstone = Tombstone{select.Text(0), ParseSequences(select.View(1)), select.Bool(2)};
  } else if (entry.kind == RecordKind::kRewrite) {
    const std::vector<int64_t> sequences = ParseSequences(select.View(1));
    entry.rewrite =
        Rewrite{select.Text(0), sequences.empty() ? 0 : sequences.front(), select.Bool(2)};
  } else {
    entry.consent = ConsentStatement{select.Text(3), static_cast<Purpose>(select.Int64(4)),
                                     select.Bool(5), select.Time(6)};
  }
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
