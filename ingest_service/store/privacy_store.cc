#include "ingest_service/store/privacy_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <string_view>
#include <vector>

#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr char kAddRecordSql[] = R"sql(
    INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id,
                                 erased_sequences, is_last, user_pseudonym, purpose, allowed,
                                 event_time_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

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

absl::Status PrivacyStore::AddTombstone(const std::string& project, const Tombstone& tombstone,
                                        int64_t sequence, absl::Time commit_time) {
  return connection_.Prepare(kAddRecordSql)
      .Bind(sequence, project, static_cast<int>(RecordKind::kTombstone), commit_time,
            tombstone.erasure_id, fmt::format("{}", fmt::join(tombstone.sequences, " ")),
            tombstone.last, "", 0, false, 0)
      .Run();
}

absl::Status PrivacyStore::AddConsentChange(const std::string& project,
                                            const ConsentStatement& consent, int64_t sequence,
                                            absl::Time commit_time) {
  return connection_.Prepare(kAddRecordSql)
      .Bind(sequence, project, static_cast<int>(RecordKind::kConsent), commit_time, "", "", false,
            consent.user_pseudonym, static_cast<int>(consent.purpose), consent.allowed,
            consent.event_time)
      .Run();
}

absl::Status PrivacyStore::ReadRecord(FeedEntry& entry) {
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
  } else {
    entry.consent = ConsentStatement{select.Text(3), static_cast<Purpose>(select.Int64(4)),
                                     select.Bool(5), select.Time(6)};
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ConsentStatement>> PrivacyStore::FindConsent(
    const std::string& project, const std::string& user_pseudonym, Purpose purpose) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT allowed, event_time_us FROM consents
      WHERE project = ? AND user_pseudonym = ? AND purpose = ?)sql");
  select.Bind(project, user_pseudonym, static_cast<int>(purpose));
  std::optional<ConsentStatement> consent;
  if (select.Next()) {
    consent = ConsentStatement{user_pseudonym, purpose, select.Bool(0), select.Time(1)};
  }
  RETURN_IF_ERROR(select.status());
  return consent;
}

absl::Status PrivacyStore::PutConsent(const std::string& project, const ConsentStatement& consent) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us)
          VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym, purpose) DO UPDATE SET
            allowed = excluded.allowed, event_time_us = excluded.event_time_us)sql")
      .Bind(project, consent.user_pseudonym, static_cast<int>(consent.purpose), consent.allowed,
            consent.event_time)
      .Run();
}

absl::StatusOr<std::optional<std::string>> PrivacyStore::FindLegalHold(
    const std::string& project, const std::string& user_pseudonym) {
  sql::Statement select = connection_.Prepare(
      "SELECT reason FROM legal_holds WHERE project = ? AND user_pseudonym = ?");
  std::optional<std::string> reason;
  if (select.Bind(project, user_pseudonym).Next()) reason = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return reason;
}

absl::StatusOr<bool> PrivacyStore::AddLegalHold(const std::string& project,
                                                const std::string& user_pseudonym,
                                                const std::string& reason, absl::Time now) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO legal_holds (project, user_pseudonym, reason, hold_time_us)
          VALUES (?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym) DO NOTHING)sql")
                      .Bind(project, user_pseudonym, reason, now)
                      .Run());
  return connection_.ChangedRows() > 0;
}

absl::StatusOr<bool> PrivacyStore::RemoveLegalHold(const std::string& project,
                                                   const std::string& user_pseudonym) {
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM legal_holds WHERE project = ? AND user_pseudonym = ?")
          .Bind(project, user_pseudonym)
          .Run());
  return connection_.ChangedRows() > 0;
}

absl::StatusOr<bool> PrivacyStore::HasPseudonyms() {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1
      WHERE EXISTS (SELECT 1 FROM interactions WHERE user_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM signals WHERE actor_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM otlp_spans WHERE user_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM consents)
          OR EXISTS (SELECT 1 FROM legal_holds)
          OR EXISTS (SELECT 1 FROM erasures)
          OR EXISTS (SELECT 1 FROM erased_records))sql");
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::Status PrivacyStore::ForEachRestriction(
    absl::FunctionRef<void(const std::string& project, const std::string& user_pseudonym,
                           Restriction restriction)>
        on_restriction) {
  // A refusal has the number of its purpose, a hold that of Restriction::kHold.
  static constexpr auto kSql = sql::Text(R"sql(
      SELECT project, user_pseudonym, purpose FROM consents WHERE allowed = 0
      UNION ALL
      SELECT project, user_pseudonym, )sql") +
                               sql::kLiteral<Restriction::kHold> + R"sql( FROM legal_holds
      ORDER BY project, user_pseudonym)sql";
  sql::Statement select = connection_.Prepare(kSql);
  while (select.Next()) {
    on_restriction(select.Text(0), select.Text(1), static_cast<Restriction>(select.Int64(2)));
  }
  return select.status();
}

}  // namespace flywheel::ingest
