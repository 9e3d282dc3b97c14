// Words of a command that a user is told to type.
#ifndef FLYWHEEL_CLI_SHELL_WORD_H_
#define FLYWHEEL_CLI_SHELL_WORD_H_

#include <string>
#include <string_view>

namespace flywheel::cli {

// `text` as one argument for a POSIX shell: unchanged where it says nothing to a shell, else in
// single quotes: v2 stays v2, and Ada's v2 becomes 'Ada'\''s v2'.
std::string ShellWord(std::string_view text);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SHELL_WORD_H_
