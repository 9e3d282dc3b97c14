// What an agent is asked: a case of a suite in the words of OpenAI's chat format.
#ifndef FLYWHEEL_CLI_GATE_RUN_QUESTION_LINE_H_
#define FLYWHEEL_CLI_GATE_RUN_QUESTION_LINE_H_

#include <nlohmann/json.hpp>
#include <string>

#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::cli {

// The prompt as messages. Calls without an id get one ("call_1"), so that each result names its
// call; pictures that can be fetched are parts of the user's messages, other media their
// description. A case without a prompt is its input, said by the user.
nlohmann::ordered_json ChatMessagesOf(const evalgate::v1::SuiteCase& one);

// The tools as OpenAI's requests have them; an empty array where there are none.
nlohmann::ordered_json ChatToolsOf(const evalgate::v1::SuiteCase& one);

// One line without its end: {"case_id", "attempt", "input", "messages", "tools", "contexts"}, the
// last with "document_id", "text", "score" and "age_s" (null where nobody knows).
std::string QuestionLine(const evalgate::v1::SuiteCase& one, int attempt);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_QUESTION_LINE_H_
