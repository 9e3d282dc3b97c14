// OpenTelemetry's own SDKs as clients of a real flywheel-ingest: what they export is there as
// interactions, and a server that throttles or is away costs them nothing but time.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "cli/child_process.h"
#include "shared/text/host_port.h"
#include "shared/time/poll.h"
#include "tests/ingest_service/conversation.h"
#include "tests/integration/http_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using ingest::v1::IngestService;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(90);
constexpr int64_t kMaxBytes = 64 << 10;

int PortOf(const std::string& address) { return ParseHostPort(address)->port; }

// A client: an SDK and a protocol.
struct Client {
  std::string name;
  std::string sdk;
  std::string protocol;
  // Whether the judge's result comes as a log record; else it is an event of a span.
  bool logs;
};

const Client kNodeGrpc{"NodeGrpc", "node", "grpc", true};
const Client kNodeProtobuf{"NodeHttpProtobuf", "node", "http/protobuf", true};
const Client kNodeJson{"NodeHttpJson", "node", "http/json", true};
const Client kPythonGrpc{"PythonGrpc", "python", "grpc", false};
const Client kPythonProtobuf{"PythonHttpProtobuf", "python", "http/protobuf", false};

class OtlpClients : public LocalServiceTest, public ::testing::WithParamInterface<Client> {
 protected:
  static std::string NodeModules() { return FLYWHEEL_TOOLS_DIR "/otlp-node/node_modules"; }
  static std::string Python() { return FLYWHEEL_TOOLS_DIR "/otlp-python/bin/python"; }

  // Where `./dev test` leaves a mark when all packages are there.
  static bool Installed(const std::string& sdk) {
    const std::string mark = FLYWHEEL_TOOLS_DIR "/otlp-" + sdk + "/installed";
    return access(mark.c_str(), R_OK) == 0;
  }

  void SetUp() override {
    if (!Installed(GetParam().sdk)) {
      GTEST_SKIP() << "no OpenTelemetry SDK for " << GetParam().sdk
                   << "; './dev test' fetches one where npm or pip can";
    }
  }

  // A server whose buffers for bodies hold `kMaxBytes`.
  void StartIngest() {
    cli::LocalServicesOptions options = Options(dir_.path(), {Service::kIngest});
    options.metrics = true;
    options.extra_arguments[Service::kIngest] = {
        "--otlp-settle-seconds", "1",
        "--max-message-bytes",   std::to_string(kMaxBytes),
        "--max-queued-bytes",    std::to_string(kMaxBytes)};
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
    channel_ = *rpc::Channel::Open({Place().address, "", ""});
  }

  const cli::LocalService& Place() const { return services_->at(Service::kIngest); }
  std::string Log() const { return dir_.path() + "/client.log"; }

  cli::ChildProcess Run(int traces) {
    const Client& client = GetParam();
    const std::string script = FLYWHEEL_SOURCE_DIR "/tests/integration/clients/" + client.sdk;
    const std::string endpoint =
        "http://" + (client.protocol == "grpc" ? Place().address : Place().otlp_http_address);
    cli::ChildOptions options;
    options.binary = "/usr/bin/env";
    options.arguments = {"NODE_PATH=" + NodeModules()};
    if (client.sdk == "node") {
      options.arguments.insert(options.arguments.end(), {"node", script + "/agent_trace.cjs"});
    } else {
      options.arguments.insert(options.arguments.end(), {Python(), script + "/agent_trace.py"});
    }
    options.arguments.insert(options.arguments.end(),
                             {client.protocol, endpoint, std::to_string(traces)});
    options.log_file = Log();
    auto child = cli::ChildProcess::Start(options);
    EXPECT_OK(child);
    return *std::move(child);
  }

  // The traces that the client says it made. Waits for its end.
  std::vector<std::string> TracesOf(cli::ChildProcess& child) {
    EXPECT_TRUE(child.WaitForExit(kPatience));
    EXPECT_EQ(child.Exited().value_or("still running"), "exit code 0") << cli::ReadAll(Log());
    std::vector<std::string> ids;
    std::istringstream lines(cli::ReadAll(Log()));
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("trace ", 0) == 0) ids.push_back(line.substr(6));
    }
    return ids;
  }

  // True where `done` became true in time.
  static bool WaitUntil(absl::FunctionRef<bool()> done) { return PollUntil(done, kPatience); }

  std::string Metrics() const { return HttpGet(PortOf(Place().metrics_address), "/metrics"); }

  // The record of a trace, once the trace is settled.
  ingest::v1::GetInteractionResponse Get(const std::string& trace_id) {
    ingest::v1::GetInteractionRequest request;
    request.set_interaction_id("otel-" + trace_id);
    ingest::v1::GetInteractionResponse response;
    EXPECT_TRUE(WaitUntil([&] {
      return Call<IngestService>(&IngestService::Stub::GetInteraction, request, &response).ok() &&
             response.signals_size() > 0;
    })) << trace_id
        << "\n"
        << Metrics();
    return response;
  }

  // What agent_trace says of its trace of this number.
  void ExpectWhole(const std::string& trace_id, int number) {
    const ingest::v1::GetInteractionResponse record = Get(trace_id);
    const ingest::v1::Interaction& interaction = record.interaction();
    SCOPED_TRACE(interaction.DebugString());
    EXPECT_EQ(interaction.agent(), "support");
    EXPECT_EQ(interaction.session_id(), fmt::format("conversation-{}", number));
    EXPECT_EQ(interaction.model_version(), "support-model-1");
    EXPECT_EQ(interaction.input(), fmt::format("Where is card {}?", number));
    EXPECT_EQ(interaction.output(), fmt::format("Card {} is on its way.", number));
    EXPECT_EQ(interaction.prompt_tokens(), 230);
    EXPECT_EQ(interaction.completion_tokens(), 32);
    ASSERT_EQ(interaction.contexts_size(), 1);
    EXPECT_EQ(interaction.contexts(0).document_id(), "faq-7");
    const std::vector<ingest::ToolUseOf> uses = ingest::ToolUses(interaction);
    ASSERT_EQ(uses.size(), 1u) << "the model's wish and the tool's span are one call";
    EXPECT_EQ(uses[0].name, "card_status");
    EXPECT_EQ(uses[0].id, fmt::format("call-{}", number));
    EXPECT_THAT(uses[0].arguments_json, HasSubstr(fmt::format("{}", number)));
    EXPECT_THAT(uses[0].content, HasSubstr("sent"));
    EXPECT_EQ(uses[0].success, true);
    ASSERT_EQ(record.signals_size(), 1);
    EXPECT_EQ(record.signals(0).evaluation().name(), "helpful");
    EXPECT_EQ(record.signals(0).evaluation().score(), 0.75);
  }

  void ExpectAll(const std::vector<std::string>& trace_ids, int count) {
    ASSERT_EQ(trace_ids.size(), static_cast<size_t>(count)) << cli::ReadAll(Log());
    for (int i = 0; i < count; ++i) ExpectWhole(trace_ids[static_cast<size_t>(i)], i + 1);
  }
};

TEST_P(OtlpClients, ExportTracesThatBecomeInteractions) {
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  cli::ChildProcess client = Run(3);
  ExpectAll(TracesOf(client), 3);
}

// Requests that do not end hold all that the server has for bodies, so that it takes no other.
TEST_P(OtlpClients, SendAgainWhatTheServerThrottledAndLoseNothing) {
  if (GetParam().protocol == "grpc") GTEST_SKIP() << "bodies are of HTTP";
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  const std::string head =
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n";
  std::vector<std::unique_ptr<HttpClient>> holders;
  for (const size_t size_bytes : {48 << 10, 16 << 10}) {
    holders.push_back(std::make_unique<HttpClient>(PortOf(Place().otlp_http_address)));
    // The byte beyond is what makes the server take the piece before it.
    ASSERT_TRUE(holders.back()->Send(head + std::string(size_bytes + 1, ' ')));
  }
  ASSERT_TRUE(WaitUntil([&] {
    return Metrics().find("\nflywheel_otlp_http_body_bytes 65536\n") != std::string::npos;
  }));
  cli::ChildProcess client = Run(2);
  ASSERT_TRUE(WaitUntil([&] { return Metrics().find("BACK_PRESSURE") != std::string::npos; }))
      << cli::ReadAll(Log());
  EXPECT_FALSE(client.Exited().has_value()) << "it waits to send again";
  holders.clear();
  ExpectAll(TracesOf(client), 2);
}

TEST_P(OtlpClients, SendAgainWhatAServerThatIsAwayDidNotTake) {
  if (GetParam().name == kNodeGrpc.name)
    GTEST_SKIP() << "this exporter never sends again by itself";
  ASSERT_NO_FATAL_FAILURE(StartIngest());
  services_->Kill(Service::kIngest);
  cli::ChildProcess client = Run(2);
  // Its first export has nowhere to go.
  if (GetParam().sdk == "python") {
    ASSERT_TRUE(WaitUntil([&] {
      return cli::ReadAll(Log()).find("retrying") != std::string::npos;
    })) << cli::ReadAll(Log());
  }
  EXPECT_FALSE(client.WaitForExit(absl::Milliseconds(300))) << cli::ReadAll(Log());
  ASSERT_OK(services_->Restart(Service::kIngest));
  ExpectAll(TracesOf(client), 2);
}

INSTANTIATE_TEST_SUITE_P(Sdks, OtlpClients,
                         ::testing::Values(kNodeGrpc, kNodeProtobuf, kNodeJson, kPythonGrpc,
                                           kPythonProtobuf),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace flywheel::integration
