#include "shared/rpc/flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <vector>

namespace flywheel::rpc {
namespace {

template <typename Value>
CLI::Option* Add(CLI::App& app, const std::string& flag, Value& value, const std::string& help) {
  return app.add_option(flag, value, help)->envname(FlagVariable(flag))->capture_default_str();
}

}  // namespace

std::string FlagVariable(std::string_view flag) {
  if (flag == "--data-dir") return "FLYWHEEL_STORE_DIR";
  std::string variable = "FLYWHEEL_";
  for (const char c : flag.substr(2)) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

void AddFlag(CLI::App& app, const std::string& flag, std::string& value, const std::string& help) {
  Add(app, flag, value, help);
}

void AddFlag(CLI::App& app, const std::string& flag, int& value, const std::string& help) {
  Add(app, flag, value, help);
}

void AddFlag(CLI::App& app, const std::string& flag, int64_t& value, const std::string& help) {
  Add(app, flag, value, help);
}

void AddFlag(CLI::App& app, const std::string& flag, double& value, const std::string& help) {
  Add(app, flag, value, help);
}

void AddFlag(CLI::App& app, const std::string& flag, std::vector<std::string>& value,
             const std::string& help) {
  Add(app, flag, value, help)->delimiter(',');
}

void AddFlag(CLI::App& app, const std::string& flag, int64_t& value, int64_t least, int64_t most,
             const std::string& help) {
  Add(app, flag, value, help)->check(CLI::Range(least, most));
}

std::string UsageError(const CLI::App* app, const CLI::Error& error) {
  std::string command = app->get_name(), problem = error.what();
  for (auto chosen = app->get_subcommands(); !chosen.empty(); chosen = app->get_subcommands()) {
    app = chosen.front();
    command += " " + app->get_name();
  }
  // What was typed in place of a subcommand is the problem, not that one is missing.
  const auto known = app->get_subcommands([](const CLI::App*) { return true; });
  if (!known.empty() && !app->remaining().empty()) {
    std::vector<std::string> names;
    for (const CLI::App* one : known) names.push_back(one->get_name());
    problem =
        fmt::format("got '{}', want one of {}", app->remaining().front(), fmt::join(names, ", "));
  }
  return fmt::format("error: {}. '{} --help' says more.\n", problem, command);
}

}  // namespace flywheel::rpc
