// Test fixture: ingest with its PrivacyService, and a search of all that lies on its disk.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_PRIVACY_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_PRIVACY_FIXTURE_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"
#include "tests/ingest_service/otlp/trace_builder.h"

namespace flywheel::ingest {

class PrivacyServiceTest : public IngestTest {
 protected:
  template <typename Request, typename Response>
  using Method = grpc::Status (v1::PrivacyService::Stub::*)(grpc::ClientContext*, const Request&,
                                                            Response*);

  template <typename Request, typename Response>
  grpc::Status Ask(Method<Request, Response> method, const Request& request, Response* response,
                   absl::Duration timeout = absl::Seconds(60)) {
    grpc::ClientContext context;
    channel_.Prepare(context, timeout);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    const auto stub = v1::PrivacyService::NewStub(channel_.get());
    return (stub.get()->*method)(&context, request, response);
  }

  v1::EraseRequest EraseRequest(const std::string& erasure_id, const std::string& user) const {
    v1::EraseRequest request;
    request.set_erasure_id(erasure_id);
    request.set_user_id(user);
    return request;
  }
  v1::EraseRequest EraseSessionRequest(const std::string& erasure_id,
                                       const std::string& session) const {
    v1::EraseRequest request;
    request.set_erasure_id(erasure_id);
    request.set_session_id(session);
    return request;
  }
  v1::EraseRequest EraseInteractionRequest(const std::string& erasure_id,
                                           const std::string& interaction) const {
    v1::EraseRequest request;
    request.set_erasure_id(erasure_id);
    request.set_interaction_id(interaction);
    return request;
  }
  v1::Erasure Erase(const v1::EraseRequest& request) {
    v1::EraseResponse response;
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::Erase, request, &response));
    return response.erasure();
  }
  v1::Erasure Erase(const std::string& erasure_id, const std::string& user) {
    return Erase(EraseRequest(erasure_id, user));
  }
  v1::Erasure Receipt(const std::string& erasure_id) {
    v1::GetErasureRequest request;
    request.set_erasure_id(erasure_id);
    v1::GetErasureResponse response;
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::GetErasure, request, &response));
    return response.erasure();
  }

  v1::SetConsentResponse SetConsent(const std::string& user, v1::Purpose purpose, bool allowed) {
    v1::SetConsentRequest request;
    request.mutable_consent()->set_user_id(user);
    request.mutable_consent()->set_purpose(purpose);
    request.mutable_consent()->set_allowed(allowed);
    *request.mutable_consent()->mutable_event_time() = rpc::ToProto(clock_.Now());
    v1::SetConsentResponse response;
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::SetConsent, request, &response));
    return response;
  }
  std::vector<int> Refused(const std::string& user) {
    v1::GetConsentRequest request;
    request.set_user_id(user);
    v1::GetConsentResponse response;
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::GetConsent, request, &response));
    return {response.refused().begin(), response.refused().end()};
  }
  bool SetLegalHold(const std::string& user, bool hold) {
    v1::SetLegalHoldRequest request;
    request.set_user_id(user);
    request.set_hold(hold);
    if (hold) request.set_reason("case 4711");
    v1::SetLegalHoldResponse response;
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::SetLegalHold, request, &response));
    return response.changed();
  }

  v1::Interaction Of(const std::string& user, const std::string& id,
                     const std::string& session = "") const {
    v1::Interaction interaction = Interaction(id);
    interaction.set_user_id(user);
    interaction.set_session_id(session);
    return interaction;
  }
  v1::Signal By(const std::string& actor, const std::string& id,
                const std::string& interaction_id) const {
    v1::Signal signal = Signal(id, interaction_id);
    signal.set_actor_id(actor);
    return signal;
  }
  v1::Signal AboutSession(const std::string& id, const std::string& session) const {
    v1::Signal signal = Signal(id, "");
    signal.set_session_id(session);
    return signal;
  }

  // A trace of one span, which waits until PassUntil; where `explanation` is not empty, with what a
  // judge says of it.
  void ExportTraceOf(const std::string& user, uint64_t trace, const std::string& explanation = "") {
    TraceBuilder builder(trace, clock_.Now(), "support");
    builder.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat").Set("user.id", user);
    if (!explanation.empty()) {
      builder.AddEvent("gen_ai.evaluation.result", 9)
          .Set("gen_ai.evaluation.name", "tone")
          .Set("gen_ai.evaluation.score.value", 0.5)
          .Set("gen_ai.evaluation.explanation", explanation);
    }
    Export(builder.request());
  }
  void Export(const OtlpTraces& traces) {
    using Service = opentelemetry::proto::collector::trace::v1::TraceService;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse response;
    ASSERT_OK(Service::NewStub(channel_.get())->Export(&context, traces, &response));
    ASSERT_FALSE(response.has_partial_success());
  }
  // Lets the traces that wait become interactions, until the store has this sequence.
  void PassUntil(int64_t sequence) {
    clock_.Advance(absl::Seconds(6));
    v1::GetStatsRequest request;
    request.set_min_token(rpc::FeedToken(sequence));
    v1::GetStatsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::GetStats, request, &response));
    ASSERT_EQ(testing::FeedSequence(response.end_token()), sequence);
  }

  bool Has(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    return Call(&v1::IngestService::Stub::GetInteraction, request, &response).ok();
  }

  // The ids of the records in the feed that are there.
  std::vector<std::string> Left() {
    std::vector<std::string> left;
    for (const v1::FeedEntry& entry : Feed()) {
      if (entry.has_interaction()) left.push_back(entry.interaction().interaction_id());
      if (entry.has_signal()) left.push_back(entry.signal().signal_id());
    }
    return left;
  }

  // The feed from a cursor to its end.
  std::vector<v1::FeedEntry> Feed(int64_t cursor = 0) {
    v1::ReadFeedRequest request;
    request.set_cursor(rpc::FeedToken(cursor));
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    const auto reader = stub_->ReadFeed(&context, request);
    std::vector<v1::FeedEntry> entries;
    v1::ReadFeedResponse response;
    while (reader->Read(&response)) {
      entries.insert(entries.end(), response.entries().begin(), response.entries().end());
    }
    EXPECT_OK(reader->Finish());
    return entries;
  }

  // Every byte of the store: the file, the write-ahead log and its index.
  std::string Disk() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (entry.path().filename().string().rfind("ingest.db", 0) != 0) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  // What the next Ask has, where the server has keys.
  std::string key_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_PRIVACY_FIXTURE_H_
