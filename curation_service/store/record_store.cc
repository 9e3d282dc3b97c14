#include "curation_service/store/record_store.h"

#include "curation_service/store/conversation_store.h"
#include "curation_service/store/count_store.h"
#include "curation_service/store/message_columns.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr char kIngestFeed[] = "ingest";

// Of a row of interaction_id, session_id, agent, sequence and noise.
InteractionKey ReadKey(const sql::Statement& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Int64(3), row.Bool(4)};
}

absl::StatusOr<std::vector<Signal>> ReadSignals(sql::Statement select) {
  std::vector<Signal> signals;
  while (select.Next()) {
    Signal& signal = signals.emplace_back();
    signal.signal_id = select.Text(0);
    signal.revision = select.Int64(1);
    signal.sequence = select.Int64(2);
    signal.interaction_id = select.Text(3);
    signal.session_id = select.Text(4);
    signal.event_time = select.Time(5);
    signal.actor = static_cast<Actor>(select.Int64(6));
    signal.actor_id = select.Text(7);
    signal.kind = static_cast<SignalKind>(select.Int64(8));
    signal.value = select.Double(9);
    signal.text = select.Text(10);
    ASSIGN_OR_RETURN(signal.messages, MessagesFromJson(select.View(11)));
    signal.failure_mode = select.Text(12);
  }
  RETURN_IF_ERROR(select.status());
  return signals;
}

}  // namespace

absl::StatusOr<int64_t> RecordStore::Cursor() {
  sql::Statement select =
      connection_.Prepare("SELECT next_cursor FROM feed_cursors WHERE feed = ?");
  select.Bind(kIngestFeed);
  const int64_t cursor = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return cursor;
}

absl::Status RecordStore::SetCursor(int64_t next_cursor) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO feed_cursors (feed, next_cursor) VALUES (?, ?)
          ON CONFLICT (feed) DO UPDATE SET next_cursor = excluded.next_cursor
          WHERE excluded.next_cursor > feed_cursors.next_cursor)sql")
      .Bind(kIngestFeed, next_cursor)
      .Run();
}

absl::Status RecordStore::AddInteraction(const std::string& project, const Interaction& interaction,
                                         int64_t sequence) {
  ASSIGN_OR_RETURN(const std::optional<InteractionKey> known,
                   FindInteraction(project, interaction.interaction_id));
  if (known) return absl::OkStatus();  // And counted.
  // A turn that says it all in its short form has no messages that others could share.
  int64_t last_message_id = 0;
  if (!interaction.messages.empty()) {
    Messages conversation = interaction.history;
    conversation.insert(conversation.end(), interaction.messages.begin(),
                        interaction.messages.end());
    ASSIGN_OR_RETURN(last_message_id, ConversationStore(connection_).Use(project, conversation));
  }
  const bool shared = last_message_id != 0;
  const auto history_messages = static_cast<int64_t>(shared ? interaction.history.size() : 0);
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent,
                                    model_version, prompt_version, input, output, last_message_id,
                                    history_messages, history, messages, tools, contexts,
                                    attributes, failure_kind, noise, start_time_us)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
                      .Bind(project, interaction.interaction_id, sequence, interaction.session_id,
                            interaction.user_id, interaction.agent, interaction.model_version,
                            interaction.prompt_version, interaction.input, interaction.output,
                            last_message_id, history_messages,
                            MessagesToJson(shared ? Messages() : interaction.history),
                            MessagesToJson(shared ? Messages() : interaction.messages),
                            ToolsToJson(interaction.tools), ContextsToJson(interaction.contexts),
                            sql::TextMapToJson(interaction.attributes), interaction.failure_kind,
                            interaction.noise, interaction.start_time)
                      .Run());
  return CountStore(connection_).Add(project, CountStore::kAllRead, 1);
}

absl::StatusOr<std::vector<SignalTarget>> RecordStore::AddSignal(const std::string& project,
                                                                 const Signal& signal) {
  std::vector<SignalTarget> targets;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT revision, interaction_id, session_id FROM signals
        WHERE project = ? AND signal_id = ?)sql");
    select.Bind(project, signal.signal_id);
    // A revision may move the signal to another target: then both are to be scored.
    if (select.Next()) {
      if (select.Int64(0) >= signal.revision) return targets;
      targets.push_back({select.Text(1), select.Text(2)});
    }
    RETURN_IF_ERROR(select.status());
  }
  if (!targets.empty() && !targets[0].interaction_id.empty() &&
      targets[0].interaction_id != signal.interaction_id) {
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            INSERT INTO moved_signals (project, signal_id, interaction_id) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING)sql")
                        .Bind(project, signal.signal_id, targets[0].interaction_id)
                        .Run());
  }
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO signals (project, signal_id, revision, sequence, interaction_id, session_id,
                               event_time_us, actor, actor_id, kind, value, text, messages,
                               failure_mode)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, signal_id) DO UPDATE SET
            revision = excluded.revision, sequence = excluded.sequence,
            interaction_id = excluded.interaction_id, session_id = excluded.session_id,
            event_time_us = excluded.event_time_us, actor = excluded.actor,
            actor_id = excluded.actor_id, kind = excluded.kind, value = excluded.value,
            text = excluded.text, messages = excluded.messages,
            failure_mode = excluded.failure_mode)sql")
                      .Bind(project, signal.signal_id, signal.revision, signal.sequence,
                            signal.interaction_id, signal.session_id, signal.event_time,
                            static_cast<int>(signal.actor), signal.actor_id,
                            static_cast<int>(signal.kind), signal.value, signal.text,
                            MessagesToJson(signal.messages), signal.failure_mode)
                      .Run());
  targets.push_back({signal.interaction_id, signal.session_id});
  return targets;
}

absl::StatusOr<std::optional<std::string>> RecordStore::EraseInteraction(const std::string& project,
                                                                         int64_t sequence) {
  std::optional<std::string> interaction_id;
  int64_t last_message_id = 0;
  {
    sql::Statement select = connection_.Prepare(
        "SELECT interaction_id, last_message_id FROM interactions "
        "WHERE sequence = ? AND project = ?");
    if (select.Bind(sequence, project).Next()) {
      interaction_id = select.Text(0);
      last_message_id = select.Int64(1);
    }
    RETURN_IF_ERROR(select.status());
  }
  if (!interaction_id) return interaction_id;
  RETURN_IF_ERROR(ConversationStore(connection_).Release(last_message_id));
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM interactions WHERE project = ? AND interaction_id = ?")
          .Bind(project, *interaction_id)
          .Run());
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM moved_signals WHERE project = ? AND interaction_id = ?")
          .Bind(project, *interaction_id)
          .Run());
  RETURN_IF_ERROR(CountStore(connection_).Add(project, CountStore::kAllRead, -1));
  return interaction_id;
}

absl::StatusOr<std::optional<ErasedSignal>> RecordStore::EraseSignal(const std::string& project,
                                                                     int64_t sequence) {
  std::optional<ErasedSignal> erased;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT signal_id, interaction_id, session_id, kind, revision FROM signals
        WHERE sequence = ? AND project = ?)sql");
    if (select.Bind(sequence, project).Next()) {
      const auto kind = static_cast<SignalKind>(select.Int64(3));
      erased = ErasedSignal{
          select.Text(0),
          {select.Text(1), select.Text(2)},
          kind == SignalKind::kCorrection || kind == SignalKind::kEdit || select.Int64(4) > 0};
    }
    RETURN_IF_ERROR(select.status());
  }
  if (!erased) return erased;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT interaction_id FROM moved_signals WHERE project = ? AND signal_id = ?
        ORDER BY interaction_id)sql");
    select.Bind(project, erased->signal_id);
    while (select.Next()) erased->earlier_interaction_ids.push_back(select.Text(0));
    RETURN_IF_ERROR(select.status());
  }
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM moved_signals WHERE project = ? AND signal_id = ?")
          .Bind(project, erased->signal_id)
          .Run());
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM signals WHERE project = ? AND signal_id = ?")
                      .Bind(project, erased->signal_id)
                      .Run());
  return erased;
}

absl::StatusOr<std::string> RecordStore::Input(const std::string& project,
                                               const std::string& interaction_id) {
  sql::Statement select = connection_.Prepare(
      "SELECT input FROM interactions WHERE project = ? AND interaction_id = ?");
  select.Bind(project, interaction_id);
  std::string input = select.Next() ? select.Text(0) : "";
  RETURN_IF_ERROR(select.status());
  return input;
}

absl::StatusOr<std::optional<InteractionKey>> RecordStore::FindInteraction(
    const std::string& project, const std::string& interaction_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT interaction_id, session_id, agent, sequence, noise FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, interaction_id);
  std::optional<InteractionKey> key;
  if (select.Next()) key = ReadKey(select);
  RETURN_IF_ERROR(select.status());
  return key;
}

absl::StatusOr<std::vector<InteractionKey>> RecordStore::InteractionsOfSession(
    const std::string& project, const std::string& session_id, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT interaction_id, session_id, agent, sequence, noise FROM interactions
      WHERE project = ? AND session_id = ?
      ORDER BY sequence LIMIT ?)sql");
  select.Bind(project, session_id, limit);
  std::vector<InteractionKey> interactions;
  while (select.Next()) interactions.push_back(ReadKey(select));
  RETURN_IF_ERROR(select.status());
  return interactions;
}

absl::StatusOr<std::vector<Signal>> RecordStore::SignalsOfInteraction(
    const std::string& project, const std::string& interaction_id, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT signal_id, revision, sequence, interaction_id, session_id, event_time_us, actor,
             actor_id, kind, value, text, messages, failure_mode
      FROM signals WHERE project = ? AND interaction_id = ?
      ORDER BY sequence DESC LIMIT ?)sql");
  select.Bind(project, interaction_id, limit);
  return ReadSignals(std::move(select));
}

absl::StatusOr<std::vector<Signal>> RecordStore::SignalsOfSession(const std::string& project,
                                                                  const std::string& session_id,
                                                                  int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT signal_id, revision, sequence, interaction_id, session_id, event_time_us, actor,
             actor_id, kind, value, text, messages, failure_mode
      FROM signals WHERE project = ? AND session_id = ?
      ORDER BY sequence DESC LIMIT ?)sql");
  select.Bind(project, session_id, limit);
  return ReadSignals(std::move(select));
}

}  // namespace flywheel::curation
