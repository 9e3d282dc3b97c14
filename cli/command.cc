#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <utility>

#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

std::string AddressVariable(Service service) {
  std::string name = "FLYWHEEL_";
  for (const char c : ServiceName(service)) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name + "_ADDRESS";
}

}  // namespace

void AddAddressFlag(CLI::App& command, Service service, bool only_service, std::string& address) {
  address = DefaultAddress(service);
  const std::string flag = fmt::format("--{}-address", ServiceName(service));
  command
      .add_option(only_service ? "--address," + flag : flag, address,
                  fmt::format("where {} listens, HOST:PORT", ServiceName(service)))
      ->envname(AddressVariable(service))
      ->capture_default_str();
}

void AddCredentialFlags(CLI::App& command, rpc::Target& target) {
  command.add_option("--key-file", target.key_file, "file that begins with the API key")
      ->envname("FLYWHEEL_KEY_FILE");
  command.add_option("--ca-file", target.ca_file, "PEM CA of the server: TLS; without it, plain")
      ->envname("FLYWHEEL_CA_FILE");
}

CLI::Validator OneOf(std::vector<std::string> words) {
  const auto check = [words = std::move(words)](const std::string& value) -> std::string {
    if (std::find(words.begin(), words.end(), value) != words.end()) return "";
    return fmt::format("got '{}', want {}", value, fmt::join(words, " or "));
  };
  // Without a name, because type_name() shows the words in --help.
  return CLI::Validator([check](std::string& value) { return check(value); }, "");
}

int Fail(const absl::Status& status, const std::string& address) {
  const std::string message = errors::MessageOf(status);
  // Our services give a reason with every error; without one, nobody of ours was there.
  if (absl::IsUnavailable(status) && errors::ReasonOf(status) == Reason::kUnspecified &&
      !address.empty()) {
    std::fprintf(
        stderr,
        "error: nothing answers at %s (%s). Start the services with 'flywheel up', or give "
        "another address.\n",
        address.c_str(), message.c_str());
    return kExitDown;
  }
  std::fprintf(stderr, "error: %s\n", message.c_str());
  if (absl::IsUnavailable(status)) return kExitDown;
  return errors::ReasonOf(status) == Reason::kInvalidConfiguration ? kExitUsage : kExitFailed;
}

}  // namespace flywheel::cli
