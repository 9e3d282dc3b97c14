#include "tests/fault/crash/load.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/retry.h"

namespace flywheel::crash {
namespace {

using ingest::v1::IngestService;
using ingest::v1::LogInteractionsRequest;
using ingest::v1::PrivacyService;
using ingest::v1::RecordSignalsRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using opentelemetry::proto::collector::trace::v1::TraceService;

constexpr int kItemsOfAPerson = 12;
constexpr int kBatchItems = 40;
constexpr int kStreamMessages = 4;
constexpr int kStreamItems = 10;
constexpr absl::Duration kPause = absl::Milliseconds(1);

// Comes back quickly: a service that is killed three times a second is never away for long.
rpc::RetryPolicy Impatient() {
  rpc::RetryPolicy policy;
  policy.initial_delay = absl::Milliseconds(5);
  policy.max_delay = absl::Milliseconds(40);
  return policy;
}

template <typename Service>
class Client {
 public:
  using Stub = typename Service::StubInterface;

  explicit Client(const std::string& address)
      : channel_(*rpc::Channel::Open({address, "", ""})), stub_(Service::NewStub(channel_.get())) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    Response response;
    const absl::Status status =
        rpc::CallWithRetry(channel_, Impatient(), [&](grpc::ClientContext& context) {
          response.Clear();
          return ((*stub_).*method)(&context, request, &response);
        });
    if (!status.ok()) return status;
    return response;
  }

 private:
  const rpc::Channel channel_;
  const std::unique_ptr<Stub> stub_;
};

ingest::v1::Interaction InteractionOf(const std::string& mark, int number) {
  ingest::v1::Interaction interaction;
  interaction.set_interaction_id(fmt::format("crash-{}-{}", mark, number));
  interaction.set_session_id("session-" + mark);
  interaction.set_user_id(UserOf(mark));
  interaction.set_agent("crash");
  interaction.set_model_version("v1");
  interaction.set_input(fmt::format("where is my parcel, asks {} for the {}th time", mark, number));
  // Some go on from others of the same person, and share what was said before.
  for (int said = 0; number % 3 == 0 && said < number % 4; ++said) {
    common::v1::Message& message = *interaction.add_history();
    message.set_role(said % 2 == 0 ? common::v1::ROLE_USER : common::v1::ROLE_ASSISTANT);
    message.add_parts()->set_text(fmt::format("{} said {} before", mark, said));
  }
  interaction.set_output(fmt::format("it is on its way to {}, answer {}", mark, number));
  (*interaction.mutable_attributes())["channel"] = "chat of " + mark;
  *interaction.mutable_start_time() = rpc::ToProto(absl::Now());
  return interaction;
}

ingest::v1::Signal SignalOn(const ingest::v1::Interaction& interaction) {
  ingest::v1::Signal signal;
  signal.set_signal_id(interaction.interaction_id() + "-signal");
  signal.set_interaction_id(interaction.interaction_id());
  signal.set_actor(ingest::v1::ACTOR_USER);
  signal.set_actor_id(interaction.user_id());
  signal.mutable_correction()->set_ideal_output("better, says " + MarkIn(interaction.input()));
  *signal.mutable_event_time() = interaction.start_time();
  return signal;
}

void AddAttribute(opentelemetry::proto::trace::v1::Span& span, const std::string& key,
                  const std::string& value) {
  auto* attribute = span.add_attributes();
  attribute->set_key(key);
  attribute->mutable_value()->set_string_value(value);
}

// A trace of one agent with one call of a tool. `number` becomes its id.
ExportTraceServiceRequest TraceOf(const std::string& mark, uint64_t number) {
  ExportTraceServiceRequest request;
  auto* spans = request.add_resource_spans()->add_scope_spans();
  const std::string trace_id = fmt::format("trace---{:08}", number);
  const auto nanos = static_cast<uint64_t>(absl::ToUnixNanos(absl::Now()));
  auto* agent = spans->add_spans();
  agent->set_trace_id(trace_id);
  agent->set_span_id("span---1");
  agent->set_name("invoke_agent crash");
  agent->set_start_time_unix_nano(nanos);
  agent->set_end_time_unix_nano(nanos + 1'000);
  AddAttribute(*agent, "gen_ai.operation.name", "invoke_agent");
  AddAttribute(*agent, "gen_ai.agent.name", "crash");
  AddAttribute(*agent, "user.id", UserOf(mark));
  AddAttribute(*agent, "gen_ai.input.messages",
               R"([{"role":"user","parts":[{"type":"text","content":"I am )" + mark + R"("}]}])");
  auto* tool = spans->add_spans();
  *tool = *agent;
  tool->set_span_id("span---2");
  tool->set_parent_span_id("span---1");
  tool->clear_attributes();
  AddAttribute(*tool, "gen_ai.operation.name", "execute_tool");
  AddAttribute(*tool, "gen_ai.tool.name", "find_parcel");
  AddAttribute(*tool, "gen_ai.tool.call.arguments", R"({"person":")" + mark + R"("})");
  return request;
}

std::string TraceInteractionId(const ExportTraceServiceRequest& request) {
  std::string hex;
  for (const char c : request.resource_spans(0).scope_spans(0).spans(0).trace_id()) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return "otel-" + hex;
}

}  // namespace

Load::Load(std::string address, Promises* promises)
    : address_(std::move(address)), promises_(*promises) {
  for (void (Load::*work)() : {&Load::SendOneByOne, &Load::SendBatches, &Load::SendStreams,
                               &Load::SendTraces, &Load::ForgetPeople}) {
    threads_.emplace_back([this, work] { (this->*work)(); });
  }
}

void Load::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<std::string> Load::complaints() const {
  absl::MutexLock lock(&mutex_);
  return complaints_;
}

void Load::Complain(const std::string& text) {
  absl::MutexLock lock(&mutex_);
  complaints_.push_back(text);
}

template <typename Request, typename Results>
void Load::Acknowledge(const Request& request, const Results& results) {
  for (int i = 0; i < results.size(); ++i) {
    const auto outcome = results[i].status();
    if (outcome == common::v1::ITEM_STATUS_REPLAYED) ++replayed_;
    if (outcome != common::v1::ITEM_STATUS_REPLAYED && outcome != common::v1::ITEM_STATUS_STORED) {
      Complain(results[i].ShortDebugString());
    } else if constexpr (std::is_same_v<Request, RecordSignalsRequest>) {
      promises_.Add({PromisedRecord::Kind::kSignal, results[i].id(), MarkIn(results[i].id()), ""});
    } else {
      promises_.Add({PromisedRecord::Kind::kInteraction, results[i].id(), MarkIn(results[i].id()),
                     request.interactions(i).output()});
    }
  }
}

void Load::SendOneByOne() {
  const Client<IngestService> client(address_);
  while (!stopping()) {
    const std::string mark = Mark(next_person_++);
    for (int i = 0; i < kItemsOfAPerson; ++i) {
      LogInteractionsRequest request;
      *request.add_interactions() = InteractionOf(mark, i);
      const auto logged = client.Call(&IngestService::StubInterface::LogInteractions, request);
      if (!logged.ok()) return Complain(logged.status().ToString());
      Acknowledge(request, logged->results());
      RecordSignalsRequest signals;
      *signals.add_signals() = SignalOn(request.interactions(0));
      const auto recorded = client.Call(&IngestService::StubInterface::RecordSignals, signals);
      if (!recorded.ok()) return Complain(recorded.status().ToString());
      Acknowledge(signals, recorded->results());
    }
    promises_.AddCompletePerson(mark);
  }
}

void Load::SendBatches() {
  const Client<IngestService> client(address_);
  while (!stop_.WaitForNotificationWithTimeout(kPause)) {
    const std::string mark = Mark(next_person_++);
    LogInteractionsRequest request;
    for (int i = 0; i < kBatchItems; ++i) *request.add_interactions() = InteractionOf(mark, i);
    const auto logged = client.Call(&IngestService::StubInterface::LogInteractions, request);
    if (!logged.ok()) return Complain(logged.status().ToString());
    Acknowledge(request, logged->results());
    promises_.AddCompletePerson(mark);
  }
}

void Load::SendStreams() {
  const rpc::Channel channel = *rpc::Channel::Open({address_, "", ""});
  const auto stub = IngestService::NewStub(channel.get());
  while (!stopping()) {
    const std::string mark = Mark(next_person_++);
    std::vector<ingest::v1::StreamInteractionsRequest> messages(kStreamMessages);
    int number = 0;
    for (auto& message : messages) {
      for (int i = 0; i < kStreamItems; ++i) {
        *message.add_interactions() = InteractionOf(mark, number++);
      }
    }
    size_t answered = 0;
    const absl::Status status =
        rpc::CallWithRetry(channel, Impatient(), [&](grpc::ClientContext& context) {
          const auto stream = stub->StreamInteractions(&context);
          for (size_t i = answered; i < messages.size() && stream->Write(messages[i]); ++i) {
          }
          stream->WritesDone();
          ingest::v1::StreamInteractionsResponse response;
          while (stream->Read(&response)) Acknowledge(messages[answered++], response.results());
          return stream->Finish();
        });
    if (!status.ok()) return Complain(status.ToString());
    if (answered != messages.size()) Complain("a stream ended before all was answered");
    promises_.AddCompletePerson(mark);
  }
}

void Load::SendTraces() {
  const Client<TraceService> client(address_);
  for (uint64_t number = 0; !stop_.WaitForNotificationWithTimeout(kPause); ++number) {
    const std::string mark = Mark(next_person_++);
    const ExportTraceServiceRequest request = TraceOf(mark, number);
    const auto exported = client.Call(&TraceService::StubInterface::Export, request);
    if (!exported.ok()) return Complain(exported.status().ToString());
    if (exported->has_partial_success()) Complain(exported->ShortDebugString());
    promises_.Add({PromisedRecord::Kind::kTrace, TraceInteractionId(request), mark, ""});
    promises_.AddCompletePerson(mark);
  }
}

void Load::ForgetPeople() {
  const Client<PrivacyService> client(address_);
  while (!stop_.WaitForNotificationWithTimeout(10 * kPause)) {
    const std::string mark = promises_.TakeCompletePerson();
    if (mark.empty()) continue;
    ingest::v1::EraseRequest request;
    // An opaque id: the request's own must not carry the mark that is searched for.
    request.set_erasure_id(fmt::format("erasure-{}", std::hash<std::string>()(mark)));
    request.set_user_id(UserOf(mark));
    const auto erased = client.Call(&PrivacyService::StubInterface::Erase, request);
    if (!erased.ok()) return Complain(erased.status().ToString());
    promises_.AddErased(mark);
  }
}

}  // namespace flywheel::crash
