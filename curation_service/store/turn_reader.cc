#include "curation_service/store/turn_reader.h"

#include <algorithm>
#include <iterator>

#include "curation_service/store/conversation_store.h"
#include "curation_service/store/message_columns.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

void SplitTurn(int64_t history_messages, Interaction& interaction) {
  const auto turn = interaction.history.begin() +
                    std::min<int64_t>(history_messages, std::ssize(interaction.history));
  interaction.messages.assign(std::make_move_iterator(turn),
                              std::make_move_iterator(interaction.history.end()));
  interaction.history.erase(turn, interaction.history.end());
}

absl::StatusOr<std::optional<Interaction>> ReadTurn(sql::Connection& connection,
                                                    const std::string& project,
                                                    const std::string& interaction_id) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT input, output, history, messages, last_message_id, history_messages
      FROM interactions WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, interaction_id);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  Interaction interaction;
  interaction.interaction_id = interaction_id;
  interaction.input = select.Text(0);
  interaction.output = select.Text(1);
  if (const int64_t last_message_id = select.Int64(4); last_message_id != 0) {
    ASSIGN_OR_RETURN(interaction.history, ConversationStore(connection).Read(last_message_id));
    SplitTurn(select.Int64(5), interaction);
  } else {
    ASSIGN_OR_RETURN(interaction.history, MessagesFromJson(select.View(2)));
    ASSIGN_OR_RETURN(interaction.messages, MessagesFromJson(select.View(3)));
  }
  return interaction;
}

}  // namespace flywheel::curation
