// Pages of docs/start, command by command: what a reader sees is what the page shows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "cli/local_services.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/flags.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/time/time_text.h"
#include "tests/cli/command_runner.h"
#include "tests/integration/dynamic_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kWalkthrough[] = "docs/start/walkthrough.md";
constexpr char kFirstExperiment[] = "docs/start/first-experiment.md";

// What a shell makes the present time of, between the quotes of a request.
constexpr char kNow[] = R"now('"$(date -u +%Y-%m-%dT%H:%M:%SZ)"')now";

// Not run here: the fixture starts the services itself, on ports that are free.
constexpr char kStartOnDefaultPorts[] = "build/release/bin/flywheel up --data-dir /tmp/";

// Where the page has the binaries.
constexpr char kPageBinaries[] = "build/release/bin/";

// What the page shows of one command.
struct ShownCommand {
  // Of the page.
  int line = 0;
  // Behind the prompt, without the breaks between its lines.
  std::string command;
  // Below it.
  std::vector<std::string> output;
};

struct ShownPage {
  std::vector<ShownCommand> commands;
  // The lines of blocks that stand before any prompt: commands whose output is not shown.
  std::vector<std::string> others;
};

// Whether a shell would read on: inside of quotes, or behind a backslash.
bool IsUnfinished(const std::string& command) {
  return std::count(command.begin(), command.end(), '\'') % 2 != 0 || command.ends_with('\\');
}

size_t Indent(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

ShownPage ReadPage(const std::string& path) {
  std::istringstream page(cli::ReadAll(path));
  ShownPage shown;
  bool inside = false, prompted = false;
  int number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      prompted = false;
    } else if (inside && line.starts_with("$ ")) {
      shown.commands.push_back({number, line.substr(2), {}});
      prompted = true;
    } else if (inside && !prompted) {
      shown.others.push_back(line);
    } else if (inside && IsUnfinished(shown.commands.back().command)) {
      std::string& command = shown.commands.back().command;
      if (command.ends_with('\\')) command.pop_back();
      command += line.substr(Indent(line));
    } else if (inside) {
      shown.commands.back().output.push_back(line);
    }
  }
  return shown;
}

// Without the comma, which says no more than that something follows: it may be left out.
std::string_view Content(std::string_view line) {
  if (line.ends_with(',')) line.remove_suffix(1);
  return line;
}

// Whether these are the lines of the page. Its "..." stands for any number of lines, down to the
// next one that is further left: more of the same object or list. At the end it stands for all.
bool IsShownAs(std::span<const std::string> page, std::span<const std::string> lines) {
  if (page.empty()) return lines.empty();
  const std::string& first = page.front();
  const auto rest = page.subspan(1);
  if (first.substr(Indent(first)) != "...") {
    return !lines.empty() && Content(first) == Content(lines.front()) &&
           IsShownAs(rest, lines.subspan(1));
  }
  if (rest.empty()) return true;
  for (size_t left_out = 0;; ++left_out) {
    if (IsShownAs(rest, lines.subspan(left_out))) return true;
    if (left_out == lines.size() || Indent(lines[left_out]) < Indent(first)) return false;
  }
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class WalkthroughPageTest : public LocalServiceTest {
 protected:
  WalkthroughPageTest() {
    auto started = cli::LocalServices::Start(
        Options(dir_.path(), {cli::kAllServices.begin(), cli::kAllServices.end()}));
    EXPECT_OK(started);
    if (started.ok()) services_ = *std::move(started);
  }

  // Where the service is that the page finds at this address; empty where it finds none.
  std::string AddressOf(const std::string& on_the_page) const {
    for (const cli::Service service : cli::kAllServices) {
      if (on_the_page == cli::DefaultAddress(service)) return services_->at(service).address;
    }
    return "";
  }

  // What `grpcurl -plaintext -d 'REQUEST' ADDRESS SERVICE/METHOD` prints.
  absl::StatusOr<std::string> Grpcurl(const std::string& command) const {
    const size_t begin = command.find('\''), end = command.rfind('\'');
    if (!command.starts_with("grpcurl -plaintext -d '") || begin == end) {
      return absl::InvalidArgumentError("not understood: " + command);
    }
    std::istringstream words(command.substr(end + 1));
    std::string on_the_page, path;
    words >> on_the_page >> path;
    const std::string address = AddressOf(on_the_page);
    if (address.empty()) return absl::InvalidArgumentError("no such address: " + on_the_page);
    DynamicClient client(rpc::Channel::Open({address, "", ""})->get());
    ASSIGN_OR_RETURN(const auto* service, client.Describe(path.substr(0, path.find('/'))));
    const auto* method = service->FindMethodByName(path.substr(path.find('/') + 1));
    if (method == nullptr) return absl::NotFoundError(path);
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string request = command.substr(begin + 1, end - begin - 1);
    if (const size_t now = request.find(kNow); now != std::string::npos) {
      request.replace(now, std::string_view(kNow).size(), SecondsText(absl::Now()));
    }
    ASSIGN_OR_RETURN(const auto answers, client.CallAll(*method, request, options));
    std::string printed;
    for (const std::string& answer : answers) {
      printed += nlohmann::ordered_json::parse(answer).dump(2) + "\n";
    }
    return printed;
  }

  // What a command of ours prints, in a shell that knows where the services are.
  absl::StatusOr<std::string> Shell(const std::string& command) const {
    if (!command.starts_with(kPageBinaries)) {
      return absl::InvalidArgumentError("not understood: " + command);
    }
    std::string script;
    for (const cli::Service service : cli::kAllServices) {
      script +=
          fmt::format("export {}={}\n",
                      rpc::FlagVariable(fmt::format("--{}-address", cli::ServiceName(service))),
                      services_->at(service).address);
    }
    script += fmt::format("'{}'/{}\n", std::filesystem::absolute(cli::BinDir()).string(),
                          command.substr(std::string(kPageBinaries).size()));
    const cli::CommandResult result = cli::RunBinary("/bin/sh", {"-c", script});
    if (result.ending != "exit code 0") {
      return absl::UnknownError(result.ending + ": " + result.output);
    }
    return result.output;
  }

  void ExpectPrintsWhatItShows(const std::string& path) const {
    ASSERT_NE(services_, nullptr);
    const ShownPage page = ReadPage(path);
    EXPECT_THAT(page.others, ElementsAre(StartsWith(kStartOnDefaultPorts)));
    EXPECT_THAT(page.commands, Not(IsEmpty()));
    for (const ShownCommand& shown : page.commands) {
      const std::string place = fmt::format("{}:{}: {}", path, shown.line, shown.command);
      const auto printed =
          shown.command.starts_with("grpcurl ") ? Grpcurl(shown.command) : Shell(shown.command);
      // No command of the page fails, and what comes after one that does is of no use.
      ASSERT_OK(printed) << place;
      EXPECT_TRUE(IsShownAs(shown.output, LinesOf(*printed)))
          << place << "\nshown:\n"
          << Joined(shown.output) << "\nprinted:\n"
          << *printed;
    }
  }
};

TEST_F(WalkthroughPageTest, PrintsWhatThePageShows) { ExpectPrintsWhatItShows(kWalkthrough); }

TEST_F(WalkthroughPageTest, PrintsWhatTheFirstExperimentShows) {
  ExpectPrintsWhatItShows(kFirstExperiment);
}

// What the test above can see.
TEST(ShownLines, StandForWhatTheyLeaveOut) {
  const std::vector<std::string> answer = {
      "{", "  \"a\": {", "    \"b\": \"1\",", "    \"c\": 2", "  },", "  \"d\": 3", "}"};
  const auto shown_as = [&](const std::vector<std::string>& page) {
    return IsShownAs(page, answer);
  };
  EXPECT_TRUE(shown_as(answer));
  EXPECT_TRUE(shown_as({"{", "  \"a\": {", "    ...", "  },", "  \"d\": 3", "}"}));
  EXPECT_TRUE(shown_as({"{", "  ...", "  \"d\": 3", "}"}));
  EXPECT_TRUE(shown_as({"{", "  \"a\": {", "    ..."})) << "the end is left out";
  EXPECT_TRUE(shown_as({"...", "  \"d\": 3", "}"})) << "messages before the last";
  EXPECT_FALSE(shown_as({"{", "  ...", "  \"d\": 4", "}"})) << "another value";
  EXPECT_FALSE(shown_as({"{", "  ...", "  \"e\": 3", "}"})) << "another name";
  EXPECT_FALSE(shown_as({"{", "  \"d\": 3", "}"})) << "something left out that is not said";
  EXPECT_FALSE(shown_as({"{", "  \"a\": {", "    ...", "    \"d\": 3", "  }"}))
      << "of another object";
  EXPECT_TRUE(shown_as({"{", "  \"a\": {", "    \"b\": \"1\"", "    ...", "  ...", "}"}))
      << "a comma";
  EXPECT_FALSE(shown_as({})) << "nothing shown";
}

}  // namespace
}  // namespace flywheel::integration
