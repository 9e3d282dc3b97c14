// Command-line flags, each with its environment variable, as all our programs have them. CLI11 is
// parsed in the sources that use it, not in every main: it takes seconds.
#ifndef FLYWHEEL_SHARED_RPC_FLAGS_H_
#define FLYWHEEL_SHARED_RPC_FLAGS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace flywheel::rpc {

// The variable of the environment that a flag may stand in: of --max-message-bytes
// FLYWHEEL_MAX_MESSAGE_BYTES. Only --data-dir has FLYWHEEL_STORE_DIR, because FLYWHEEL_DATA_DIR
// names the inputs of tests, and must never move a store.
std::string FlagVariable(std::string_view flag);

// Adds a flag with its variable; what `value` is shows as the default in --help. A list is given
// with commas.
void AddFlag(CLI::App& app, const std::string& flag, std::string& value, const std::string& help);
void AddFlag(CLI::App& app, const std::string& flag, int& value, const std::string& help);
void AddFlag(CLI::App& app, const std::string& flag, int64_t& value, const std::string& help);
void AddFlag(CLI::App& app, const std::string& flag, double& value, const std::string& help);
void AddFlag(CLI::App& app, const std::string& flag, std::vector<std::string>& value,
             const std::string& help);

// The same, of which a value outside `least` to `most`, both included, is refused.
void AddFlag(CLI::App& app, const std::string& flag, int64_t& value, int64_t least, int64_t most,
             const std::string& help);

// What CLI11 says of wrong usage, said as every other error of our programs: for
// CLI::App::failure_message.
std::string UsageError(const CLI::App* app, const CLI::Error& error);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_FLAGS_H_
