#include "bench/ingest_load.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <atomic>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

using ingest::v1::IngestService;

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

}  // namespace

IngestStubs::IngestStubs(const std::string& address, int connections) {
  for (int i = 0; i < connections; ++i) {
    grpc::ChannelArguments arguments;
    // Else all channels to one address would share one connection.
    arguments.SetInt("flywheel.connection", i);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs_.push_back(IngestService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
}

ingest::v1::LogInteractionsRequest NewBatch(int interactions) {
  static const std::string kInput = Chat(200);
  static const std::string kOutput = Chat(650);
  ingest::v1::LogInteractionsRequest request;
  for (int i = 0; i < interactions; ++i) {
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
  return request;
}

bool Send(IngestService::Stub& stub, const ingest::v1::LogInteractionsRequest& request) {
  ingest::v1::LogInteractionsResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.LogInteractions(&context, request, &response);
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) return false;
  if (!status.ok()) Die(status.error_message());
  if (response.results_size() != request.interactions_size() ||
      response.results(0).status() != common::v1::ITEM_STATUS_STORED) {
    Die("an interaction was not stored");
  }
  return true;
}

double InteractionsPerSecond(const IngestStubs& stubs, int callers, int batch,
                             absl::Duration duration) {
  return batch * CallsPerSecond(callers, duration, [&](int caller, int64_t) {
           if (!Send(stubs.of(caller), NewBatch(batch))) Die("an interaction was refused");
         });
}

std::unique_ptr<cli::LocalServices> StartIngest(const Setup& setup, const std::string& name,
                                                std::vector<std::string> arguments) {
  cli::LocalServicesOptions options;
  options.data_dir = setup.work_dir + "/" + name;
  options.free_ports = true;
  options.metrics = false;
  options.services = {cli::Service::kIngest};
  options.extra_arguments[cli::Service::kIngest] = std::move(arguments);
  auto services = cli::LocalServices::Start(options);
  if (!services.ok()) Die(errors::MessageOf(services.status()));
  return *std::move(services);
}

std::string AddressOf(const cli::LocalServices& services) {
  return services.at(cli::Service::kIngest).address;
}

}  // namespace flywheel::bench
