#include "ingest_service/store/subject_records.h"

#include <algorithm>
#include <string_view>

#include "ingest_service/store/message_store.h"
#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr sql::Text kInRange(" AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?");

constexpr sql::Text kSelectInteractions(R"sql(
    SELECT sequence, interaction_id, session_id, tool_calls, payload_form FROM interactions
    WHERE project = ? AND )sql");

constexpr sql::Text kSelectSignals(R"sql(
    SELECT sequence, signal_id, interaction_id, session_id FROM signals
    WHERE project = ? AND )sql");

// Without "<> ''" SQLite would not use the indexes, which leave out who has none.
constexpr sql::Text kOfSession("session_id <> '' AND session_id = ?");

// Runs a select that begins with kSelectSignals.
absl::StatusOr<std::vector<SubjectSignal>> ReadSignals(sql::Statement& select) {
  std::vector<SubjectSignal> signals;
  while (select.Next()) {
    signals.push_back({select.Int64(0), select.Text(1), select.Text(2), select.Text(3)});
  }
  RETURN_IF_ERROR(select.status());
  return signals;
}

absl::StatusOr<std::vector<SubjectSignal>> ReadSignals(sql::Statement select,
                                                       const std::string& project,
                                                       const std::string& name,
                                                       const SequenceRange& range) {
  return ReadSignals(select.Bind(project, name, range.after, range.last, range.limit));
}

bool IsOneOf(const std::vector<std::string>& pseudonyms, std::string_view pseudonym) {
  return std::find(pseudonyms.begin(), pseudonyms.end(), pseudonym) != pseudonyms.end();
}

}  // namespace

absl::StatusOr<std::vector<SubjectInteraction>> SubjectRecords::InteractionsOf(
    const std::string& project, SubjectKind kind, const std::string& name,
    const SequenceRange& range) {
  static constexpr auto kOfUserSql =
      kSelectInteractions + "user_pseudonym <> '' AND user_pseudonym = ?" + kInRange;
  static constexpr auto kOfSessionSql = kSelectInteractions + kOfSession + kInRange;
  static constexpr auto kByIdSql = kSelectInteractions + "interaction_id = ?" + kInRange;
  std::string_view sql = kOfUserSql;
  if (kind == SubjectKind::kSession) sql = kOfSessionSql;
  if (kind == SubjectKind::kInteraction) sql = kByIdSql;
  sql::Statement select = connection_.Prepare(sql);
  select.Bind(project, name, range.after, range.last, range.limit);
  std::vector<SubjectInteraction> interactions;
  while (select.Next()) {
    interactions.push_back({select.Int64(0), select.Text(1), select.Text(2), select.Int64(3),
                            static_cast<PayloadForm>(select.Int64(4))});
  }
  RETURN_IF_ERROR(select.status());
  return interactions;
}

absl::StatusOr<std::vector<SubjectSignal>> SubjectRecords::SignalsAboutInteraction(
    const std::string& project, const std::string& interaction_id, const SequenceRange& range) {
  static constexpr auto kSql =
      kSelectSignals + "interaction_id <> '' AND interaction_id = ?" + kInRange;
  return ReadSignals(connection_.Prepare(kSql), project, interaction_id, range);
}

absl::StatusOr<std::vector<SubjectSignal>> SubjectRecords::SignalsAboutSession(
    const std::string& project, const std::string& session_id, const SequenceRange& range) {
  static constexpr auto kSql = kSelectSignals + kOfSession + kInRange;
  return ReadSignals(connection_.Prepare(kSql), project, session_id, range);
}

absl::StatusOr<std::vector<SubjectSignal>> SubjectRecords::SignalsBy(
    const std::string& project, const std::string& actor_pseudonym, const SequenceRange& range) {
  static constexpr auto kSql =
      kSelectSignals + "actor_pseudonym <> '' AND actor_pseudonym = ?" + kInRange;
  return ReadSignals(connection_.Prepare(kSql), project, actor_pseudonym, range);
}

absl::StatusOr<std::vector<SubjectSignal>> SubjectRecords::OtherSignals(
    const std::string& project, SubjectKind kind, const std::string& name,
    const SequenceRange& range) {
  switch (kind) {
    case SubjectKind::kUser:
      return SignalsBy(project, name, range);
    case SubjectKind::kSession:
      return SignalsAboutSession(project, name, range);
    case SubjectKind::kInteraction:
      return SignalsAboutInteraction(project, name, range);
    case SubjectKind::kRewrite:
      break;
  }
  return errors::Internal("a subject of no kind");
}

absl::StatusOr<std::vector<SubjectSignal>> SubjectRecords::Revisions(const std::string& project,
                                                                     const SubjectSignal& one,
                                                                     int64_t limit) {
  // `one` goes last: until then the next piece finds the signal by it again.
  static constexpr auto kSql = kSelectSignals + R"sql(signal_id = ?
      ORDER BY CASE WHEN sequence = ? THEN 1 ELSE 0 END, sequence LIMIT ?)sql";
  sql::Statement select = connection_.Prepare(kSql);
  return ReadSignals(select.Bind(project, one.signal_id, one.sequence, limit));
}

absl::StatusOr<SessionSharing> SubjectRecords::FindSessionSharing(
    const std::string& project, const SubjectInteraction& interaction,
    const std::vector<std::string>& pseudonyms, int64_t last_sequence) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT user_pseudonym, sequence FROM interactions
      WHERE project = ? AND session_id <> '' AND session_id = ? AND sequence <> ?
      ORDER BY sequence)sql");
  select.Bind(project, interaction.session_id, interaction.sequence);
  // Ends with the first other person, where all that is asked is known.
  SessionSharing sharing;
  while (!sharing.others && select.Next()) {
    const bool is_one = IsOneOf(pseudonyms, select.View(0));
    (is_one && select.Int64(1) > last_sequence ? sharing.later : sharing.others) = true;
  }
  RETURN_IF_ERROR(select.status());
  return sharing;
}

absl::StatusOr<int64_t> SubjectRecords::FirstOfOwnSession(
    const std::string& project, const std::string& session_id,
    const std::vector<std::string>& pseudonyms) {
  static constexpr auto kSql =
      sql::Text("SELECT sequence, user_pseudonym FROM interactions WHERE project = ? AND ") +
      kOfSession + " ORDER BY sequence";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, session_id);
  int64_t first = 0;
  bool own = true;
  // Ends with the first other person.
  while (own && select.Next()) {
    if (first == 0) first = select.Int64(0);
    own = IsOneOf(pseudonyms, select.View(1));
  }
  RETURN_IF_ERROR(select.status());
  return own ? first : 0;
}

absl::StatusOr<bool> SubjectRecords::IsOwn(const std::string& project,
                                           const std::string& interaction_id,
                                           const std::vector<std::string>& pseudonyms) {
  sql::Statement select = connection_.Prepare(
      "SELECT user_pseudonym FROM interactions WHERE project = ? AND interaction_id = ?");
  const bool own =
      select.Bind(project, interaction_id).Next() && IsOneOf(pseudonyms, select.View(0));
  RETURN_IF_ERROR(select.status());
  return own;
}

absl::Status SubjectRecords::Delete(const SubjectInteraction& interaction) {
  RETURN_IF_ERROR(MessageStore(connection_).ReleaseOf(interaction.sequence));
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM interaction_attributes WHERE sequence = ?")
                      .Bind(interaction.sequence)
                      .Run());
  return connection_.Prepare("DELETE FROM interactions WHERE sequence = ?")
      .Bind(interaction.sequence)
      .Run();
}

absl::Status SubjectRecords::Delete(const SubjectSignal& signal) {
  return connection_.Prepare("DELETE FROM signals WHERE sequence = ?").Bind(signal.sequence).Run();
}

}  // namespace flywheel::ingest
