#include "ingest_service/store/interaction_store.h"

#include "ingest_service/store/hidden_forms.h"
#include "ingest_service/store/known_id.h"
#include "ingest_service/store/message_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

absl::StatusOr<ItemResult> CompareWithStored(sql::Connection& connection,
                                             const std::string& project,
                                             const InteractionRecord& record) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT sequence, content_hash FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, record.interaction_id);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal("an interaction conflicts with one that is not there");
  }
  return ResultOnKnownId("interaction", record.interaction_id, select.Int64(0),
                         HasContent(record, select.View(1)), "Send new content under a new id.");
}

}  // namespace

absl::StatusOr<ItemResult> InteractionStore::Insert(const std::string& project,
                                                    const InteractionRecord& record,
                                                    int64_t sequence, absl::Time commit_time) {
  PayloadPlace place;
  if (!record.shared_messages.empty()) {
    // Looked up first: who sends the same again and again would have all of it stored and removed.
    ASSIGN_OR_RETURN(const bool known, Has(project, record.interaction_id));
    if (known) return CompareWithStored(connection_, project, record);
    place.form = PayloadForm::kShared;
    ASSIGN_OR_RETURN(place.place, MessageStore(connection_).Use(record.shared_messages));
  }
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id,
                                user_pseudonym, agent, model_version, start_time_us,
                                commit_time_us, tool_calls, noise, payload, payload_form,
                                payload_place, inclusion_probability)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      ON CONFLICT (project, interaction_id) DO NOTHING)sql");
  RETURN_IF_ERROR(
      insert
          .Bind(sequence, project, record.interaction_id, sql::Blob{record.content_hash},
                record.session_id, record.user_pseudonym, record.agent, record.model_version,
                record.start_time, commit_time, record.tool_calls, record.noise,
                sql::Blob{record.payload}, static_cast<int64_t>(place.form), place.place)
          .Run());
  // The unique index has decided: what is new, which is nearly all, and shares nothing, cost no
  // look before the INSERT.
  if (connection_.ChangedRows() == 0) {
    return CompareWithStored(connection_, project, record);
  }
  for (const auto& [name, value] : record.attributes) {
    RETURN_IF_ERROR(connection_
                        .Prepare("INSERT INTO interaction_attributes (sequence, name, value) "
                                 "VALUES (?, ?, ?)")
                        .Bind(sequence, name, value)
                        .Run());
  }
  return ItemResult{record.interaction_id, ItemStatus::kStored, sequence, Reason::kUnspecified, ""};
}

absl::StatusOr<bool> InteractionStore::Has(const std::string& project,
                                           const std::string& interaction_id) {
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM interactions WHERE project = ? AND interaction_id = ?");
  const bool found = select.Bind(project, interaction_id).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<StoredInteraction> InteractionStore::Find(const std::string& project,
                                                         const std::string& interaction_id) {
  static constexpr auto kSql = sql::Text(R"sql(
      SELECT sequence, commit_time_us, payload, payload_form, payload_place, noise,
             inclusion_probability
      FROM interactions
      WHERE project = ? AND interaction_id = ? AND payload_form NOT IN ()sql") +
                               kHiddenForms + ")";
  // An emptied row only keeps its id, so that a resend is known; nobody is shown it.
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, interaction_id);
  if (select.Next()) {
    return StoredInteraction{
        select.Int64(0), select.Time(1), select.Text(2),
        PayloadPlace{static_cast<PayloadForm>(select.Int64(3)), select.Int64(4)},
        RecordMarks{select.Int64(5), select.Double(6)}};
  }
  RETURN_IF_ERROR(select.status());
  return errors::NotFound(
      "interaction", interaction_id,
      "Check the id; a signal may be here before its interaction, and old records "
      "may have left.");
}

absl::StatusOr<int64_t> InteractionStore::CountOfSession(const std::string& project,
                                                         const std::string& session_id) {
  // Without "<> ''" SQLite would not use the index, which leaves out who has no session.
  static constexpr auto kSql = sql::Text(R"sql(
      SELECT COUNT(*) FROM interactions
      WHERE project = ? AND session_id <> '' AND session_id = ? AND payload_form NOT IN ()sql") +
                               kHiddenForms + ")";
  sql::Statement select = connection_.Prepare(kSql);
  const int64_t count = select.Bind(project, session_id).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::ingest
