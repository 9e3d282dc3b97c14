// Flags as all our programs have them.
#ifndef FLYWHEEL_SHARED_RPC_FLAGS_H_
#define FLYWHEEL_SHARED_RPC_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace flywheel::rpc {

// The variable of the environment that a flag may stand in: of --max-message-bytes
// FLYWHEEL_MAX_MESSAGE_BYTES. Only --data-dir has FLYWHEEL_STORE_DIR, because FLYWHEEL_DATA_DIR
// names the inputs of tests, and must never move a store.
std::string FlagVariable(std::string_view flag);

// Adds a flag with its variable; what `value` is shows as the default in --help.
template <typename Value>
CLI::Option* AddFlag(CLI::App& app, const std::string& flag, Value& value,
                     const std::string& help) {
  return app.add_option(flag, value, help)->envname(FlagVariable(flag))->capture_default_str();
}

// What CLI11 says of wrong usage, said as every other error of our programs: for
// CLI::App::failure_message.
std::string UsageError(const CLI::App* app, const CLI::Error& error);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_FLAGS_H_
