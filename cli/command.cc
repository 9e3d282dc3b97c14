#include "cli/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cli/command_words.h"
#include "cli/error_details.h"
#include "cli/which_service.h"
#include "shared/files/files.h"
#include "shared/ids/id.h"
#include "shared/rpc/flags.h"
#include "shared/status/errors.h"
#include "shared/text/host_port.h"
#include "shared/text/printable.h"
#include "store_tools/file_errors.h"

namespace flywheel::cli {
namespace {

// A check for CLI11: `problem` says what is wrong with a value, or nothing. It has no name, which
// would stand in --help.
CLI::Validator Check(std::function<std::string(const std::string&)> problem) {
  return CLI::Validator(
      [problem = std::move(problem)](std::string& value) { return problem(value); }, "");
}

// What a server said, or what a file holds.
std::string MessageFor(const absl::Status& status) {
  std::string text;
  for (const auto& [field, description] : ViolationsOf(status)) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", FieldInCommandWords(field),
                        InCommandWords(description));
  }
  return text.empty() ? InCommandWords(errors::MessageOf(status)) : text + ".";
}

// The services that the command which was chosen speaks to. A process runs one command.
std::vector<Service>& SpokenTo() {
  static std::vector<Service> services;
  return services;
}

// Says what answers in the place of the service that was wanted.
int FailAtAnother(const std::string& address) {
  const std::string there = ServiceAt(address);
  const std::string wanted =
      SpokenTo().size() == 1 ? fmt::format("flywheel-{}", ServiceName(SpokenTo().front())) : "";
  std::string text = there.empty()
                         ? fmt::format("the server at {} does not know this call", address)
                         : fmt::format("{} is {}", address, there);
  if (there == wanted || wanted.empty()) {
    text += ", of another version than this command, or another service than it speaks to";
  } else {
    text += fmt::format(", want {}", wanted);
  }
  std::fprintf(stderr, "error: %s: --address or --port-base says where that is.\n", text.c_str());
  return kExitUsage;
}

absl::Status OutputError() {
  return store_tools::ForCommand(FileError("standard output", errno),
                                 "The export is not complete.");
}

}  // namespace

absl::Status WriteOutput(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return written ? absl::OkStatus() : OutputError();
}

absl::Status FlushOutput() { return std::fflush(stdout) == 0 ? absl::OkStatus() : OutputError(); }

void AddAddressFlags(CLI::App& command, const std::vector<AddressTarget>& targets) {
  struct Place {
    AddressTarget target;
    const CLI::Option* option;
  };
  std::vector<Place> places;
  for (const AddressTarget& target : targets) {
    *target.address = DefaultAddress(target.service);
    const std::string_view name = ServiceName(target.service);
    const std::string flag = fmt::format("--{}-address", name);
    CLI::Option* const option =
        command
            .add_option(targets.size() == 1 ? "--address," + flag : flag, *target.address,
                        fmt::format("where {} listens, HOST:PORT", name))
            ->envname(rpc::FlagVariable(flag))
            ->check(IsAddress())
            ->capture_default_str();
    places.push_back({target, option});
  }
  command.parse_complete_callback([targets] {
    SpokenTo().clear();
    for (const AddressTarget& target : targets) SpokenTo().push_back(target.service);
  });
  // It is called after the variables were read, so it knows which addresses were given.
  const auto take_base = [places](int port_base) {
    for (const auto& [target, option] : places) {
      if (option->count() == 0) *target.address = AddressAt(target.service, port_base);
    }
  };
  command
      .add_option_function<int>(
          "--port-base", take_base,
          "the services are at N to N+3, where 'flywheel up --port-base N' starts them;\n"
          "an address that is given wins")
      ->type_name("N")
      ->check(CLI::Range(kMinPortBase, kMaxPortBase).description(""));
}

void AddCredentialFlags(CLI::App& command, rpc::Target& target) {
  const CLI::Validator file = IsFile();
  command.add_option("--key-file", target.key_file, "file that begins with the API key")
      ->envname("FLYWHEEL_KEY_FILE")
      ->check(file);
  CLI::Option* const ca =
      command
          .add_option("--ca-file", target.ca_file, "PEM CA of the server: TLS; without it, plain")
          ->envname("FLYWHEEL_CA_FILE")
          ->check(file);
  CLI::Option* const certificate =
      command
          .add_option("--certificate-file", target.certificate_file,
                      "PEM certificate chain of this client, where the server asks for one")
          ->envname("FLYWHEEL_CERTIFICATE_FILE")
          ->check(file);
  CLI::Option* const certificate_key =
      command
          .add_option("--certificate-key-file", target.certificate_key_file,
                      "PEM key of that certificate")
          ->envname("FLYWHEEL_CERTIFICATE_KEY_FILE")
          ->check(file);
  // Without a CA the connection is plain, and the certificate would never be shown.
  certificate->needs(certificate_key)->needs(ca);
  certificate_key->needs(certificate);
}

void AddProjectFlag(CLI::App& command, std::string& project) {
  command
      .add_option("--project", project,
                  "the project to speak for, with a key for all projects or with no keys;\n"
                  "default: the server's 'default'")
      ->envname("FLYWHEEL_PROJECT")
      ->check(Check([](const std::string& value) {
        return IsValidId(value) ? "" : fmt::format("got '{}', want {}", value, kIdFormat);
      }));
}

CLI::Validator OneOf(std::vector<std::string> words) {
  return Check([words = std::move(words)](const std::string& value) -> std::string {
    if (std::find(words.begin(), words.end(), value) != words.end()) return "";
    return fmt::format("got '{}', want {}", value, fmt::join(words, " or "));
  });
}

CLI::Validator IsFile() {
  return Check([](const std::string& value) -> std::string {
    std::error_code ignored;
    int problem = access(value.c_str(), R_OK) == 0 ? 0 : errno;
    if (std::filesystem::is_directory(value, ignored)) problem = EISDIR;
    if (problem == 0) return "";
    return fmt::format("got '{}', which cannot be read ({}), want a readable file", value,
                       std::strerror(problem));
  });
}

CLI::Validator IsAddress() {
  return Check([](const std::string& value) -> std::string {
    const auto place = ParseHostPort(value);
    const bool is_place = place && !place->host.empty() && place->port > 0;
    if (value.rfind("unix:", 0) == 0 || is_place) return "";
    return fmt::format("got '{}', want HOST:PORT, such as 127.0.0.1:4317", value);
  });
}

int Fail(const absl::Status& status, const std::string& address) {
  const std::string message = Printable(MessageFor(status));
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
  // gRPC's own answer, without a word.
  if (absl::IsUnimplemented(status) && errors::ReasonOf(status) == Reason::kUnspecified &&
      !address.empty()) {
    return FailAtAnother(address);
  }
  std::fprintf(stderr, "error: %s\n", message.c_str());
  // Without an address no service was asked: the file system failed. What is on its way is not
  // down.
  if (absl::IsUnavailable(status) && errors::ReasonOf(status) != Reason::kNotCaughtUp &&
      !address.empty()) {
    return kExitDown;
  }
  return errors::ReasonOf(status) == Reason::kInvalidConfiguration ? kExitUsage : kExitFailed;
}

}  // namespace flywheel::cli
