// Messages of the gate in the words of whoever uses the command.
#ifndef FLYWHEEL_CLI_COMMAND_WORDS_H_
#define FLYWHEEL_CLI_COMMAND_WORDS_H_

#include <string>
#include <string_view>

namespace flywheel::cli {

// A field of a request as the flag that says it: "--floor" for
// "policy.suites[0].bar.pass_rate_floor"; without the names of messages where none does.
std::string FieldInCommandWords(std::string_view field);

// What a service says, with commands in the place of the calls that a program would make, and
// without the advice to send a request again: "Ask for it with 'flywheel gate run' first.".
std::string InCommandWords(std::string message);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_COMMAND_WORDS_H_
