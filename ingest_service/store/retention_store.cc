#include "ingest_service/store/retention_store.h"

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/message_store.h"
#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/span_store.h"
#include "shared/hashing/sha256.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kFingerprintBytes = 1 << 20;

absl::StatusOr<bool> Finds(sql::Statement& select) {
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::Status DeleteAttributes(sql::Connection& connection, int64_t sequence) {
  return connection.Prepare("DELETE FROM interaction_attributes WHERE sequence = ?")
      .Bind(sequence)
      .Run();
}

// What payload_totals lose with a row that has `payload`.
absl::Status LeavePayloadTotals(sql::Connection& connection, PayloadForm form,
                                const std::string& payload) {
  if (form == PayloadForm::kPlain || form == PayloadForm::kShared) return absl::OkStatus();
  // What an archived payload takes in its file is accounted for with the file.
  const int64_t stored_bytes =
      form == PayloadForm::kCompressed ? static_cast<int64_t>(payload.size()) : 0;
  return PayloadStore(connection)
      .AddToTotals(form, {-1, -PayloadBytes(form, payload), -stored_bytes});
}

}  // namespace

absl::StatusOr<RetentionProgress> RetentionStore::FindProgress(const std::string& project,
                                                               const std::string& rule) {
  sql::Statement select = connection_.Prepare(
      "SELECT sequence, terms FROM retention_progress WHERE project = ? AND rule = ?");
  RetentionProgress progress;
  if (select.Bind(project, rule).Next()) progress = {select.Int64(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return progress;
}

absl::Status RetentionStore::SetProgress(const std::string& project, const std::string& rule,
                                         const RetentionProgress& progress) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO retention_progress (project, rule, sequence, terms) VALUES (?, ?, ?, ?)
          ON CONFLICT (project, rule) DO UPDATE SET
            sequence = excluded.sequence, terms = excluded.terms)sql")
      .Bind(project, rule, progress.sequence, progress.terms)
      .Run();
}

absl::Status RetentionStore::LowerProgress(const std::string& project, const std::string& rule,
                                           int64_t sequence) {
  return connection_
      .Prepare(R"sql(
          UPDATE retention_progress SET sequence = ?
          WHERE project = ? AND rule = ? AND sequence > ?)sql")
      .Bind(sequence, project, rule, sequence)
      .Run();
}

absl::StatusOr<std::optional<std::string>> RetentionStore::NextProject(const std::string& after) {
  sql::Statement select = connection_.Prepare(
      "SELECT project FROM project_totals WHERE project > ? ORDER BY project LIMIT 1");
  std::optional<std::string> project;
  if (select.Bind(after).Next()) project = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return project;
}

absl::StatusOr<std::vector<AgedInteraction>> RetentionStore::AgedInteractions(
    const std::string& project, int64_t after, absl::Time before, int64_t limit,
    int64_t max_bytes) {
  // In commit order, which is the order of age: the first that is too young ends the page.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence, interaction_id, session_id, user_pseudonym, commit_time_us,
             inclusion_probability, payload_form, payload_place, payload
      FROM interactions
      WHERE project = ? AND sequence > ? ORDER BY sequence LIMIT ?)sql");
  select.Bind(project, after, limit);
  std::vector<AgedInteraction> rows;
  int64_t bytes = 0;
  while (bytes < max_bytes && select.Next() && select.Time(4) < before) {
    rows.push_back({select.Int64(0),
                    select.Text(1),
                    select.Text(2),
                    select.Text(3),
                    select.Time(4),
                    select.Double(5),
                    {static_cast<PayloadForm>(select.Int64(6)), select.Int64(7)},
                    select.Text(8)});
    bytes += PayloadBytes(rows.back().place.form, rows.back().payload);
  }
  RETURN_IF_ERROR(select.status());
  return rows;
}

absl::StatusOr<bool> RetentionStore::IsHeld(const std::string& project,
                                            const std::string& user_pseudonym) {
  if (user_pseudonym.empty()) return false;
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM legal_holds WHERE project = ? AND user_pseudonym = ?");
  select.Bind(project, user_pseudonym);
  return Finds(select);
}

absl::StatusOr<std::string> RetentionStore::HoldsFingerprint(const std::string& project) {
  sql::Statement select = connection_.Prepare(
      "SELECT user_pseudonym FROM legal_holds WHERE project = ? ORDER BY user_pseudonym");
  select.Bind(project);
  std::string held;
  while (select.Next()) {
    held += select.Text(0) + "\n";
    // However many they are, about so much is in memory.
    if (held.size() >= kFingerprintBytes) held = Sha256Hex(held);
  }
  RETURN_IF_ERROR(select.status());
  return Sha256Hex(held);
}

absl::StatusOr<bool> RetentionStore::IsSignalled(const std::string& project,
                                                 const std::string& interaction_id,
                                                 const std::string& session_id) {
  sql::Statement of_interaction = connection_.Prepare(R"sql(
      SELECT 1 FROM signals
      WHERE project = ? AND interaction_id <> '' AND interaction_id = ? LIMIT 1)sql");
  of_interaction.Bind(project, interaction_id);
  ASSIGN_OR_RETURN(const bool signalled, Finds(of_interaction));
  if (signalled || session_id.empty()) return signalled;
  sql::Statement of_session = connection_.Prepare(R"sql(
      SELECT 1 FROM signals
      WHERE project = ? AND session_id <> '' AND session_id = ? LIMIT 1)sql");
  of_session.Bind(project, session_id);
  return Finds(of_session);
}

absl::StatusOr<bool> RetentionStore::MustStay(const std::string& project, int64_t sequence,
                                              PayloadForm form_after) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT interaction_id, session_id, user_pseudonym FROM interactions
      WHERE sequence = ? AND project = ?)sql");
  ASSIGN_OR_RETURN(const bool there, Finds(select.Bind(sequence, project)));
  if (!there) return false;
  ASSIGN_OR_RETURN(const bool held, IsHeld(project, select.Text(2)));
  if (held || form_after != PayloadForm::kThinned) return held;
  return IsSignalled(project, select.Text(0), select.Text(1));
}

absl::Status RetentionStore::EmptyRow(const std::string& project, int64_t sequence,
                                      PayloadForm form_after) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT tool_calls, payload_form, payload FROM interactions
      WHERE sequence = ? AND project = ?)sql");
  ASSIGN_OR_RETURN(const bool there, Finds(select.Bind(sequence, project)));
  if (!there) return absl::OkStatus();
  const int64_t tool_calls = select.Int64(0);
  const auto form = static_cast<PayloadForm>(select.Int64(1));
  const std::string payload = select.Text(2);
  select.Reset();
  if (!IsShown(form)) return absl::OkStatus();
  // 1. The payload leaves the row, the totals of its form, and the messages that it shares.
  RETURN_IF_ERROR(MessageStore(connection_).ReleaseOf(sequence));
  RETURN_IF_ERROR(LeavePayloadTotals(connection_, form, payload));
  RETURN_IF_ERROR(connection_
                      .Prepare("UPDATE interactions SET payload = ?, payload_form = ?, "
                               "payload_place = 0 WHERE sequence = ?")
                      .Bind(sql::Blob{""}, static_cast<int64_t>(form_after), sequence)
                      .Run());
  // 2. Erased rows are deleted next; those that were thinned stay as empty places, and only these
  // lose the rest. Not session and person: who erases one of them must reach the readers, too.
  if (form_after != PayloadForm::kThinned) return absl::OkStatus();
  RETURN_IF_ERROR(connection_
                      .Prepare("UPDATE interactions SET agent = '', model_version = '', "
                               "tool_calls = 0 WHERE sequence = ?")
                      .Bind(sequence)
                      .Run());
  RETURN_IF_ERROR(DeleteAttributes(connection_, sequence));
  RETURN_IF_ERROR(FeedStore(connection_).AddToTotals(project, {-1, 0, -tool_calls}));
  return PayloadStore(connection_).AddToTotals(PayloadForm::kThinned, {1, 0, 0});
}

absl::Status RetentionStore::SetInclusionProbability(int64_t sequence, double expected,
                                                     double probability) {
  return connection_
      .Prepare(
          "UPDATE interactions SET inclusion_probability = ? "
          "WHERE sequence = ? AND inclusion_probability = ?")
      .Bind(probability, sequence, expected)
      .Run();
}

absl::Status RetentionStore::DeleteEmptyRow(const std::string& project, int64_t sequence) {
  sql::Statement select = connection_.Prepare(
      "SELECT payload_form, tool_calls, interaction_id FROM interactions "
      "WHERE sequence = ? AND project = ?");
  if (!select.Bind(sequence, project).Next()) return select.status();
  const auto form = static_cast<PayloadForm>(select.Int64(0));
  const int64_t tool_calls = select.Int64(1);
  const std::string interaction_id = select.Text(2);
  select.Reset();
  if (IsShown(form)) return absl::OkStatus();
  // Without its row a resend of the trace is new, so its spans may not count as known.
  RETURN_IF_ERROR(SpanStore(connection_).ForgetTraceOf(project, interaction_id).status());
  RETURN_IF_ERROR(DeleteAttributes(connection_, sequence));
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM interactions WHERE sequence = ?").Bind(sequence).Run());
  if (form == PayloadForm::kThinned) {
    return PayloadStore(connection_).AddToTotals(PayloadForm::kThinned, {-1, 0, 0});
  }
  return FeedStore(connection_).AddToTotals(project, {-1, 0, -tool_calls});
}

absl::StatusOr<std::vector<AgedSignal>> RetentionStore::AgedSignals(const std::string& project,
                                                                    int64_t after,
                                                                    absl::Time before,
                                                                    int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence, commit_time_us,
             EXISTS (SELECT 1 FROM legal_holds
                     WHERE legal_holds.project = one.project
                       AND legal_holds.user_pseudonym = one.actor_pseudonym)
             OR EXISTS (SELECT 1 FROM interactions
                        JOIN legal_holds
                          ON legal_holds.project = interactions.project
                         AND legal_holds.user_pseudonym = interactions.user_pseudonym
                        WHERE interactions.project = one.project
                          AND interactions.interaction_id = one.interaction_id)
             OR EXISTS (SELECT 1 FROM interactions
                        JOIN legal_holds
                          ON legal_holds.project = interactions.project
                         AND legal_holds.user_pseudonym = interactions.user_pseudonym
                        WHERE interactions.project = one.project
                          AND interactions.session_id <> ''
                          AND interactions.session_id = one.session_id)
      FROM signals AS one
      WHERE project = ? AND sequence > ? ORDER BY sequence LIMIT ?)sql");
  select.Bind(project, after, limit);
  std::vector<AgedSignal> signals;
  while (select.Next() && select.Time(1) < before) {
    signals.push_back({select.Int64(0), select.Bool(2)});
  }
  RETURN_IF_ERROR(select.status());
  return signals;
}

absl::Status RetentionStore::DeleteSignal(const std::string& project, int64_t sequence) {
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM signals WHERE sequence = ? AND project = ?")
                      .Bind(sequence, project)
                      .Run());
  if (connection_.ChangedRows() == 0) return absl::OkStatus();
  return FeedStore(connection_).AddToTotals(project, {0, -1, 0});
}

}  // namespace flywheel::ingest
