// What replaces the texts of records where they stand.
#include <optional>
#include <string>

#include "curation_service/store/conversation_store.h"
#include "curation_service/store/message_columns.h"
#include "curation_service/store/record_store.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<bool> RecordStore::RewriteInteraction(const std::string& project,
                                                     const Interaction& interaction) {
  int64_t before_message_id = 0;
  {
    sql::Statement select = connection_.Prepare(
        "SELECT last_message_id FROM interactions WHERE project = ? AND interaction_id = ?");
    if (!select.Bind(project, interaction.interaction_id).Next()) {
      RETURN_IF_ERROR(select.status());
      return false;
    }
    before_message_id = select.Int64(0);
  }
  // As AddInteraction does. The new messages first: what both have in common stays.
  int64_t last_message_id = 0;
  if (!interaction.messages.empty()) {
    Messages conversation = interaction.history;
    conversation.insert(conversation.end(), interaction.messages.begin(),
                        interaction.messages.end());
    ASSIGN_OR_RETURN(last_message_id, ConversationStore(connection_).Use(project, conversation));
  }
  const bool shared = last_message_id != 0;
  const auto history_messages = static_cast<int64_t>(shared ? interaction.history.size() : 0);
  RETURN_IF_ERROR(
      connection_
          .Prepare(R"sql(
          UPDATE interactions SET input = ?, output = ?, last_message_id = ?,
                                  history_messages = ?, history = ?, messages = ?, tools = ?,
                                  contexts = ?, attributes = ?
          WHERE project = ? AND interaction_id = ?)sql")
          .Bind(interaction.input, interaction.output, last_message_id, history_messages,
                MessagesToJson(shared ? Messages() : interaction.history),
                MessagesToJson(shared ? Messages() : interaction.messages),
                ToolsToJson(interaction.tools), ContextsToJson(interaction.contexts),
                sql::TextMapToJson(interaction.attributes), project, interaction.interaction_id)
          .Run());
  RETURN_IF_ERROR(ConversationStore(connection_).Release(before_message_id));
  return true;
}

absl::StatusOr<std::optional<std::string>> RecordStore::FailureModeOf(const std::string& project,
                                                                      const Signal& signal) {
  sql::Statement select = connection_.Prepare(
      "SELECT failure_mode FROM signals WHERE project = ? AND signal_id = ? AND revision = ?");
  std::optional<std::string> failure_mode;
  if (select.Bind(project, signal.signal_id, signal.revision).Next()) failure_mode = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return failure_mode;
}

absl::StatusOr<bool> RecordStore::RewriteSignal(const std::string& project, const Signal& signal) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          UPDATE signals SET text = ?, messages = ?, failure_mode = ?
          WHERE project = ? AND signal_id = ? AND revision = ?)sql")
                      .Bind(signal.text, MessagesToJson(signal.messages), signal.failure_mode,
                            project, signal.signal_id, signal.revision)
                      .Run());
  return connection_.ChangedRows() > 0;
}

}  // namespace flywheel::curation
