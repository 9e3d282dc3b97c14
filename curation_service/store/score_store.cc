#include "curation_service/store/score_store.h"

#include <utility>

#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/training_run.h"
#include "curation_service/store/conversation_store.h"
#include "curation_service/store/count_store.h"
#include "curation_service/store/json_columns.h"
#include "curation_service/store/message_columns.h"
#include "curation_service/store/turn_reader.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Reads implicit_score, combined_score, approval, correction_actor, correction_actor_id,
// correction, correction_messages, failure_mode, signal_ids from the first nine columns.
absl::StatusOr<Assessment> ReadAssessment(const sql::Statement& row) {
  Assessment assessment;
  assessment.score = {row.Double(0), row.Double(1), static_cast<Approval>(row.Int64(2)),
                      row.Text(7)};
  ASSIGN_OR_RETURN(std::vector<std::string> signal_ids, TextsFromJson(row.View(8)));
  const int64_t actor = row.Int64(3);
  if (actor == 0) {
    assessment.score.signal_ids = std::move(signal_ids);
    return assessment;
  }
  ASSIGN_OR_RETURN(Messages messages, MessagesFromJson(row.View(6)));
  assessment.correction =
      Correction{row.Text(5), static_cast<Actor>(actor), row.Text(4), std::move(messages),
                 signal_ids.empty() ? "" : std::move(signal_ids.front())};
  return assessment;
}

constexpr int kRowsPerCheck = 1'000;

// Takes the interaction's score, if it has one, off the counts.
absl::Status Uncount(sql::Connection& connection, const std::string& project,
                     const std::string& interaction_id) {
  int tier = 0;
  {
    sql::Statement select =
        connection.Prepare("SELECT tier FROM scores WHERE project = ? AND interaction_id = ?");
    select.Bind(project, interaction_id);
    if (select.Next()) tier = static_cast<int>(select.Int64(0));
    RETURN_IF_ERROR(select.status());
  }
  return tier == 0 ? absl::OkStatus() : CountStore(connection).Add(project, tier, -1);
}

}  // namespace

absl::Status ScoreStore::Put(const std::string& project, const InteractionKey& interaction,
                             const Assessment& assessment, int64_t evidence_sequence) {
  const bool corrected = assessment.correction.has_value();
  const Correction correction = assessment.correction.value_or(Correction());
  const int tier = static_cast<int>(assessment.score.tier());
  // The old score off the counts, the new one on.
  RETURN_IF_ERROR(Uncount(connection_, project, interaction.interaction_id));
  RETURN_IF_ERROR(CountStore(connection_).Add(project, tier, 1));
  return connection_
      .Prepare(R"sql(
          INSERT INTO scores (project, interaction_id, agent, sequence, evidence_sequence,
                              implicit_score, combined_score, tier, approval, correction_actor,
                              correction_actor_id, correction, correction_messages,
                              failure_mode, signal_ids, noise)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, interaction_id) DO UPDATE SET
            evidence_sequence = excluded.evidence_sequence,
            implicit_score = excluded.implicit_score, combined_score = excluded.combined_score,
            tier = excluded.tier, approval = excluded.approval,
            correction_actor = excluded.correction_actor,
            correction_actor_id = excluded.correction_actor_id,
            correction = excluded.correction,
            correction_messages = excluded.correction_messages,
            failure_mode = excluded.failure_mode, signal_ids = excluded.signal_ids)sql")
      .Bind(project, interaction.interaction_id, interaction.agent, interaction.sequence,
            evidence_sequence, assessment.score.implicit, assessment.score.combined, tier,
            static_cast<int>(assessment.score.approval),
            corrected ? static_cast<int>(correction.actor) : 0, correction.actor_id,
            correction.text, MessagesToJson(correction.messages), assessment.score.failure_mode,
            TextsToJson(corrected ? std::vector<std::string>{correction.signal_id}
                                  : assessment.score.signal_ids),
            interaction.noise)
      .Run();
}

absl::Status ScoreStore::Remove(const std::string& project, const std::string& interaction_id) {
  RETURN_IF_ERROR(Uncount(connection_, project, interaction_id));
  return connection_.Prepare("DELETE FROM scores WHERE project = ? AND interaction_id = ?")
      .Bind(project, interaction_id)
      .Run();
}

absl::StatusOr<std::optional<Assessment>> ScoreStore::Find(const std::string& project,
                                                           const std::string& interaction_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT implicit_score, combined_score, approval, correction_actor,
             correction_actor_id, correction, correction_messages, failure_mode, signal_ids
      FROM scores WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, interaction_id);
  std::optional<Assessment> assessment;
  if (select.Next()) {
    ASSIGN_OR_RETURN(assessment, ReadAssessment(select));
  }
  RETURN_IF_ERROR(select.status());
  return assessment;
}

absl::StatusOr<int64_t> ScoreStore::CountOfAgent(const std::string& project,
                                                 const std::string& agent) {
  sql::Statement select =
      connection_.Prepare("SELECT COUNT(*) FROM scores WHERE project = ? AND agent = ?");
  select.Bind(project, agent);
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

absl::StatusOr<QualityCount> ScoreStore::CountUntrained(const std::string& project,
                                                        const std::string& agent,
                                                        int64_t after_sequence,
                                                        double high_quality_score) {
  // A correction that came after the training is a lesson of its own; the label review may have
  // replaced one, and the row says what it was.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COUNT(*), COALESCE(SUM(CASE WHEN s.combined_score >= ? THEN 1 ELSE 0 END), 0)
      FROM scores AS s
      WHERE s.project = ? AND s.agent = ? AND s.evidence_sequence > ? AND s.noise = 0
        AND NOT EXISTS (
          SELECT 1 FROM dataset_rows AS d
          JOIN training_runs AS r
            ON r.project = d.project AND r.dataset_version_id = d.dataset_version_id
               AND r.state = ?
          WHERE d.project = s.project AND d.interaction_id = s.interaction_id
            AND d.interaction_id <> ''
            AND (s.correction_actor = 0 OR s.correction = d.reported_output
                 OR (s.correction = d.ideal_output
                     AND s.correction_messages IN ('[]', d.ideal)))
        ))sql");
  select.Bind(high_quality_score, project, agent, after_sequence,
              static_cast<int>(TrainingRunState::kSucceeded));
  QualityCount count;
  if (select.Next()) count = {select.Int64(0), select.Int64(1)};
  RETURN_IF_ERROR(select.status());
  return count;
}

absl::StatusOr<int64_t> ScoreStore::CountReal(const std::string& project, const std::string& agent,
                                              int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT i.attributes
      FROM scores AS s
      JOIN interactions AS i
        ON i.project = s.project AND i.interaction_id = s.interaction_id
      WHERE s.project = ? AND s.agent = ? AND s.noise = 0
      ORDER BY s.sequence)sql");
  select.Bind(project, agent);
  int64_t count = 0;
  while (count < limit && select.Next()) {
    ASSIGN_OR_RETURN(const auto attributes, sql::TextMapFromJson(select.View(0)));
    const std::string traffic = DeclaredTraffic(attributes);
    if (traffic != "golden" && traffic != "synthetic") ++count;
  }
  RETURN_IF_ERROR(select.status());
  return count;
}

absl::StatusOr<Candidates> ScoreStore::CandidatesOf(const std::string& project,
                                                    const std::string& agent,
                                                    const Deadline& deadline) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT s.implicit_score, s.combined_score, s.approval, s.correction_actor,
             s.correction_actor_id, s.correction, s.correction_messages, s.failure_mode,
             s.signal_ids, s.sequence, i.interaction_id, i.session_id, i.user_id, i.agent,
             i.model_version, i.prompt_version, i.input, i.output, i.history, i.messages, i.tools,
             i.contexts, i.attributes, i.failure_kind, i.last_message_id, i.history_messages,
             i.noise, i.start_time_us,
             EXISTS (
               SELECT 1 FROM training_refusals AS r
               WHERE r.project = s.project AND r.user_id IN (i.user_id, s.correction_actor_id))
      FROM scores AS s
      JOIN interactions AS i
        ON i.project = s.project AND i.interaction_id = s.interaction_id
      WHERE s.project = ? AND s.agent = ?
      ORDER BY s.sequence)sql");
  select.Bind(project, agent);
  ConversationStore conversations(connection_);
  Candidates candidates;
  PeriodicCheck check(deadline, kRowsPerCheck);
  while (select.Next()) {
    RETURN_IF_ERROR(check.Step());
    if (select.Bool(28)) {
      ++candidates.refused;
      continue;
    }
    Candidate& candidate = candidates.allowed.emplace_back();
    ASSIGN_OR_RETURN(Assessment assessment, ReadAssessment(select));
    candidate.score = std::move(assessment.score);
    candidate.correction = std::move(assessment.correction);
    candidate.sequence = select.Int64(9);
    Interaction& interaction = candidate.interaction;
    interaction.interaction_id = select.Text(10);
    interaction.session_id = select.Text(11);
    interaction.user_id = select.Text(12);
    interaction.agent = select.Text(13);
    interaction.model_version = select.Text(14);
    interaction.prompt_version = select.Text(15);
    interaction.input = select.Text(16);
    interaction.output = select.Text(17);
    if (const int64_t last_message_id = select.Int64(24); last_message_id != 0) {
      ASSIGN_OR_RETURN(interaction.history, conversations.Read(last_message_id));
      SplitTurn(select.Int64(25), interaction);
    } else {
      ASSIGN_OR_RETURN(interaction.history, MessagesFromJson(select.View(18)));
      ASSIGN_OR_RETURN(interaction.messages, MessagesFromJson(select.View(19)));
    }
    ASSIGN_OR_RETURN(interaction.tools, ToolsFromJson(select.View(20)));
    ASSIGN_OR_RETURN(interaction.contexts, ContextsFromJson(select.View(21)));
    ASSIGN_OR_RETURN(interaction.attributes, sql::TextMapFromJson(select.View(22)));
    interaction.failure_kind = select.Text(23);
    interaction.noise = select.Bool(26);
    interaction.start_time = select.Time(27);
  }
  RETURN_IF_ERROR(select.status());
  return candidates;
}

}  // namespace flywheel::curation
