// Test fixture: a real ingest service that a test exports OTLP to.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_OTLP_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_OTLP_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/sql/connection.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"
#include "tests/ingest_service/otlp/trace_builder.h"

namespace flywheel::ingest {

using OtlpLogs = opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using OtlpLogsAnswer = opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse;
using OtlpTracesAnswer = opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;

class OtlpTest : public IngestTest {
 protected:
  // A trace of which nothing comes any more is complete after this.
  static constexpr absl::Duration kSettled = absl::Seconds(6);

  TraceBuilder Trace(uint64_t trace, const std::string& service = "support") const {
    return TraceBuilder(trace, clock_.Now(), service);
  }

  // One call of a model, said in one message each.
  TraceBuilder Chat(uint64_t trace, const std::string& question,
                    const std::string& answer = "hello") const {
    TraceBuilder builder = Trace(trace);
    builder.Add(1, 0, "chat", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages",
             R"([{"role":"user","parts":[{"type":"text","content":")" + question + R"("}]}])")
        .Set("gen_ai.output.messages",
             R"([{"role":"assistant","parts":[{"type":"text","content":")" + answer + R"("}]}])");
    return builder;
  }

  grpc::Status Export(const OtlpTraces& request, OtlpTracesAnswer* answer,
                      const std::string& key = "") {
    using Service = opentelemetry::proto::collector::trace::v1::TraceService;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    if (!key.empty()) context.AddMetadata("authorization", "Bearer " + key);
    return Service::NewStub(channel_.get())->Export(&context, request, answer);
  }

  OtlpTracesAnswer Export(const OtlpTraces& request) {
    OtlpTracesAnswer answer;
    EXPECT_OK(Export(request, &answer));
    return answer;
  }
  OtlpTracesAnswer Export(const TraceBuilder& trace) { return Export(trace.request()); }

  OtlpLogsAnswer Export(const OtlpLogs& request) {
    using Service = opentelemetry::proto::collector::logs::v1::LogsService;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    OtlpLogsAnswer answer;
    EXPECT_OK(Service::NewStub(channel_.get())->Export(&context, request, &answer));
    return answer;
  }

  // Lets time pass until the store has this sequence.
  void PassUntil(int64_t sequence, absl::Duration time = kSettled) {
    clock_.Advance(time);
    v1::GetStatsRequest request;
    request.set_min_token(rpc::FeedToken(sequence));
    v1::GetStatsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetStats, request, &response));
    EXPECT_EQ(testing::FeedSequence(response.end_token()), sequence);
  }

  v1::GetInteractionResponse Get(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response)) << id;
    return response;
  }

  // Of a table, as the disk has it.
  int64_t CountRows(const std::string& table) const {
    auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
    if (!connection.ok()) return -1;
    sql::Statement select = (*connection)->Prepare("SELECT COUNT(*) FROM " + table);
    return select.Next() ? select.Int64(0) : -1;
  }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_OTLP_FIXTURE_H_
