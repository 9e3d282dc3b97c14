#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "bench/benchmarks.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::bench {
namespace {

using ingest::v1::IngestService;

// Stubs over a few connections, as a pool of agent backends would have them.
class Stubs {
 public:
  Stubs(const std::string& address, int connections) {
    for (int i = 0; i < connections; ++i) {
      grpc::ChannelArguments arguments;
      // Else all channels to one address would share one connection.
      arguments.SetInt("flywheel.connection", i);
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.push_back(IngestService::NewStub(
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
    }
  }
  IngestService::Stub& of(int caller) const {
    return *stubs_[static_cast<size_t>(caller) % stubs_.size()];
  }

 private:
  std::vector<std::unique_ptr<IngestService::Stub>> stubs_;
};

// Unique in the run: every interaction is new to the server.
std::string NextId() {
  static std::atomic<int64_t> next = 0;
  static const int64_t start = absl::ToUnixMicros(absl::Now());
  return fmt::format("{}-{:012d}", start, next++);
}

// Chat of so many bytes, without personal data, so that redaction has its usual work.
std::string Chat(size_t bytes) {
  static constexpr std::string_view kSentences =
      "I am still waiting on my card, can you tell me when it will arrive? It was ordered on 12 "
      "May "
      "and the fee of $3.50 was charged at once. Sure! I can help you with that. Could you tell me "
      "which of your accounts this is about, and whether order 4471182 is the one that you mean? ";
  std::string text;
  while (text.size() < bytes) text += kSentences.substr(0, bytes - text.size());
  return text;
}

void AddInteraction(ingest::v1::LogInteractionsRequest& request) {
  static const std::string kInput = Chat(200);
  static const std::string kOutput = Chat(650);
  auto* interaction = request.add_interactions();
  interaction->set_interaction_id(NextId());
  interaction->set_session_id(interaction->interaction_id());
  interaction->set_user_id("u_0123456789abcdef0123456789abcdef");
  interaction->set_agent("bench");
  interaction->set_model_version("v1");
  *interaction->mutable_start_time() = rpc::ToProto(absl::Now());
  interaction->set_input(kInput);
  interaction->set_output(kOutput);
}

Row Compare(const Setup& setup, const std::string& name, int callers, int batch) {
  const Stubs durable(setup.ingest, 4);
  const Stubs noop(setup.noop, 4);
  const auto rate = [&](const Stubs& stubs) {
    return batch * CallsPerSecond(callers, setup.duration, [&](int caller, int64_t) {
             ingest::v1::LogInteractionsRequest request;
             for (int i = 0; i < batch; ++i) AddInteraction(request);
             ingest::v1::LogInteractionsResponse response;
             grpc::ClientContext context;
             const grpc::Status status =
                 stubs.of(caller).LogInteractions(&context, request, &response);
             if (!status.ok()) Die(status.error_message());
             if (response.verdicts_size() != batch ||
                 response.verdicts(0).outcome() != ingest::v1::OUTCOME_STORED) {
               Die("an interaction was not stored");
             }
           });
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(durable); }, [&] { return rate(noop); });
  return {name,        result.measured, "interactions/s", "no-op RPC, same bytes", result.reference,
          result.ratio};
}

}  // namespace

Row BatchIngest(const Setup& setup) {
  return Compare(setup, "ingest, durable, batches of 100, 4 callers", 4, 100);
}

Row UnaryIngest(const Setup& setup) {
  return Compare(setup, "ingest, durable, one by one, 64 callers", 64, 1);
}

}  // namespace flywheel::bench
