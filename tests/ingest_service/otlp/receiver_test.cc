#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.grpc.pb.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/otlp_fixture.h"
#include "tests/ingest_service/otlp/sample_traces.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

TEST_F(OtlpTest, ATraceBecomesOneInteraction) {
  const TraceBuilder trace = GenAiTrace(1, clock_.Now());
  EXPECT_FALSE(Export(trace).has_partial_success());
  EXPECT_EQ(CountRows("otlp_spans"), 5);
  PassUntil(1);
  const v1::Interaction interaction = Get("otel-" + TraceHex(1)).interaction();
  EXPECT_EQ(interaction.agent(), "support-bot");
  EXPECT_EQ(interaction.input(), "Weather in Paris?");
  EXPECT_EQ(interaction.output(), "12 degrees and rain.");
  EXPECT_EQ(interaction.prompt_tokens(), 220);
  EXPECT_EQ(interaction.user_id().size(), 34u);
  EXPECT_EQ(Stats().tool_calls(), 1);
  EXPECT_EQ(CountRows("otlp_spans"), 0);
}

TEST_F(OtlpTest, SpansComeInAnyOrderAndInSeveralExports) {
  const OtlpTraces whole = GenAiTrace(1, clock_.Now()).request();
  std::vector<OtlpTraces> exports;
  for (const OtlpSpan& span : whole.resource_spans(0).scope_spans(0).spans()) {
    OtlpTraces& part = exports.emplace_back(whole);
    part.mutable_resource_spans(0)->mutable_scope_spans(0)->clear_spans();
    *part.mutable_resource_spans(0)->mutable_scope_spans(0)->add_spans() = span;
  }
  std::shuffle(exports.begin(), exports.end(), std::mt19937(7));
  for (const OtlpTraces& part : exports) Export(part);
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().messages_size(), 4);
}

TEST_F(OtlpTest, ResentSpansAreReplaysWhileTheyWaitAndAfterwards) {
  const TraceBuilder trace = GenAiTrace(1, clock_.Now());
  Export(trace);
  EXPECT_FALSE(Export(trace).has_partial_success());
  EXPECT_EQ(CountRows("otlp_spans"), 5);
  PassUntil(1);
  EXPECT_FALSE(Export(trace).has_partial_success());
  EXPECT_EQ(CountRows("otlp_spans"), 0);
  Export(Chat(2, "more"));
  PassUntil(2);
  EXPECT_EQ(Stats().interactions(), 2);
}

TEST_F(OtlpTest, ASpanOfTheSameIdWithOtherContentIsRefusedAlone) {
  Export(Chat(1, "first"));
  TraceBuilder other = Chat(1, "second");
  other.Add(2, 1, "chat", 1, 9).Set("gen_ai.operation.name", "chat");
  const OtlpTracesAnswer answer = Export(other);
  EXPECT_EQ(answer.partial_success().rejected_spans(), 1);
  EXPECT_THAT(answer.partial_success().error_message(), HasSubstr("other content"));
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().input(), "first");
  EXPECT_EQ(Export(Chat(1, "third")).partial_success().rejected_spans(), 1);
}

TEST_F(OtlpTest, LateSpansBecomeAFurtherInteractionOfTheSameSession) {
  TraceBuilder first = Chat(1, "one");
  first.Set("gen_ai.conversation.id", "conv-7").Set("user.id", "ada");
  Export(first);
  PassUntil(1);
  for (const uint64_t span : {2, 3}) {
    TraceBuilder late = Trace(1);
    late.Add(span, 1, "execute_tool mail", 20, 30)
        .Set("gen_ai.operation.name", "execute_tool")
        .Set("gen_ai.tool.name", "mail");
    Export(late);
    PassUntil(static_cast<int64_t>(span));
  }
  const v1::Interaction one = Get("otel-" + TraceHex(1)).interaction();
  for (const char* part : {".2", ".3"}) {
    const v1::Interaction further = Get("otel-" + TraceHex(1) + part).interaction();
    EXPECT_EQ(further.session_id(), "conv-7");
    EXPECT_EQ(further.user_id(), one.user_id());
    EXPECT_EQ(ToolUses(further).at(0).name, "mail");
    EXPECT_EQ(further.attributes().at("otel.part"), std::string(part).substr(1));
  }
}

TEST_F(OtlpTest, ATraceWithoutARootWaitsUntilItsRootOrTheLimit) {
  TraceBuilder orphan = Trace(1);
  orphan.Add(2, 1, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
  Export(orphan);
  Export(Chat(2, "complete"));
  PassUntil(1);
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(CountRows("otlp_spans"), 1);
  PassUntil(2, absl::Minutes(10));
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().attributes().at("otel.root"), "missing");
}

TEST_F(OtlpTest, WhatWaitsSurvivesARestart) {
  const OtlpTraces whole = GenAiTrace(1, clock_.Now()).request();
  OtlpTraces begin = whole;
  begin.mutable_resource_spans(0)->mutable_scope_spans(0)->mutable_spans()->DeleteSubrange(2, 3);
  Export(begin);
  Start();
  EXPECT_FALSE(Export(whole).has_partial_success());
  Start();
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().prompt_tokens(), 220);
  Start();
  EXPECT_FALSE(Export(whole).has_partial_success());
  EXPECT_EQ(CountRows("otlp_spans"), 0);
}

TEST_F(OtlpTest, SpansThatTellOfNoAgentLeaveTheStore) {
  TraceBuilder plain = Trace(1, "shop");
  plain.Add(1, 0, "GET /cart", 0, 10).Set("http.request.method", "GET");
  plain.Add(2, 1, "SELECT", 1, 2).Set("db.system", "postgresql");
  EXPECT_FALSE(Export(plain).has_partial_success());
  Export(Chat(2, "complete"));
  PassUntil(1);
  EXPECT_EQ(CountRows("otlp_spans"), 0);
  EXPECT_EQ(CountRows("otlp_traces"), 1);
  EXPECT_EQ(Stats().interactions(), 1);
}

TEST_F(OtlpTest, NothingPersonalReachesTheDiskAndEqualValuesStayEqual) {
  TraceBuilder trace =
      Chat(1, "write to ada@example.com", "wrote to ada@example.com, not bob@example.net");
  trace.Set("user.id", "grace.hopper@example.com").Set("gen_ai.conversation.id", "eve@example.com");
  trace.Set("user.email", "mallory@example.com");
  Export(trace);
  // The same person in another span, before and after a restart.
  Start();
  TraceBuilder tool = Trace(1);
  tool.Add(2, 1, "execute_tool mail", 3, 5)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "mail")
      .Set("gen_ai.tool.call.arguments", R"({"to": "bob@example.net", "cc": "ada@example.com"})");
  Export(tool);
  const auto disk = [&] {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  };
  for (const char* personal : {"ada@", "bob@", "grace.hopper", "eve@", "mallory@"}) {
    EXPECT_EQ(disk().find(personal), std::string::npos) << personal;
  }
  PassUntil(1);
  const v1::Interaction interaction = Get("otel-" + TraceHex(1)).interaction();
  EXPECT_EQ(interaction.input(), "write to [EMAIL_1]");
  EXPECT_EQ(interaction.output(), "wrote to [EMAIL_1], not [EMAIL_2]");
  EXPECT_EQ(interaction.session_id().substr(0, 2), "s_");
  EXPECT_EQ(ToolUses(interaction).back().arguments_json,
            R"({"to": "[EMAIL_2]", "cc": "[EMAIL_1]"})");
  for (const char* personal : {"ada@", "bob@", "grace.hopper", "eve@", "mallory@"}) {
    EXPECT_EQ(disk().find(personal), std::string::npos) << personal;
  }
}

TEST_F(OtlpTest, BadSpansAreRefusedAndSaidWhy) {
  TraceBuilder trace = Chat(1, "good");
  trace.Add(0, 0, "no id", 0, 1);
  trace.Add(3, 1, "short id", 0, 1).span().set_span_id("abc");
  trace.Add(4, 1, "zero trace", 0, 1).span().set_trace_id(std::string(16, '\0'));
  trace.Add(5, 1, "no trace", 0, 1).span().clear_trace_id();
  trace.Add(6, 1, "huge", 0, 1).Set("gen_ai.tool.call.result", std::string(3 << 20, 'x'));
  const OtlpTracesAnswer answer = Export(trace);
  EXPECT_EQ(answer.partial_success().rejected_spans(), 5);
  EXPECT_THAT(answer.partial_success().error_message(), HasSubstr("'no id': span_id"));
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().input(), "good");
}

TEST_F(OtlpTest, AnEmptyExportIsTaken) {
  EXPECT_FALSE(Export(OtlpTraces()).has_partial_success());
  EXPECT_FALSE(Export(OtlpLogs()).has_partial_success());
}

TEST_F(OtlpTest, ATextThatIsNoUtf8RefusesItsSpanAlone) {
  TraceBuilder trace = Chat(1, "good");
  trace.Add(2, 1, "chat", 0, 1).Set("gen_ai.tool.name", "\xff\xfe");
  const OtlpTracesAnswer answer = Export(trace);
  EXPECT_EQ(answer.partial_success().rejected_spans(), 1);
  EXPECT_THAT(answer.partial_success().error_message(), HasSubstr("UTF-8"));
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().input(), "good");
}

TEST_F(OtlpTest, WhatIsNoExportIsAnInvalidArgument) {
  grpc::GenericStub stub(channel_.get());
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const std::string bytes = "\x0a\xff\xff\xff no export";
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", {},
                 &request, &response, [&](grpc::Status ended) {
                   status = std::move(ended);
                   done.Notify();
                 });
  done.WaitForNotification();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
}

TEST_F(OtlpTest, AReaderMayNotSend) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys)
      << "board key-of-the-reader-1 shop reader\nagent key-of-the-writer-1 shop writer\n";
  config_.server.api_keys_file = keys;
  Start();
  OtlpTracesAnswer answer;
  const OtlpTraces request = Chat(1, "good").request();
  EXPECT_THAT(Export(request, &answer, "key-of-the-reader-1"),
              HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Export(request, &answer, "key-of-the-writer-1"));
  // As Langfuse's SDK (user and password) and LangSmith's say it.
  const auto with = [&](const char* header, const std::string& value) {
    using Service = opentelemetry::proto::collector::trace::v1::TraceService;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    context.AddMetadata(header, value);
    return Service::NewStub(channel_.get())->Export(&context, request, &answer).error_code();
  };
  // pk:key-of-the-writer-1, pk:key-of-the-reader-1
  EXPECT_EQ(with("authorization", "Basic cGs6a2V5LW9mLXRoZS13cml0ZXItMQ=="), grpc::OK);
  EXPECT_EQ(with("authorization", "Basic cGs6a2V5LW9mLXRoZS1yZWFkZXItMQ=="),
            grpc::PERMISSION_DENIED);
  EXPECT_EQ(with("x-api-key", "key-of-the-writer-1"), grpc::OK);
  EXPECT_EQ(with("x-api-key", "key-of-nobody-at-all"), grpc::UNAUTHENTICATED);
  EXPECT_EQ(CountRows("otlp_spans"), 1);
}

TEST_F(OtlpTest, AnExportThatDoesNotFitTheQueueMayBeSentAgain) {
  config_.server.max_message_bytes = 1 << 20;
  config_.server.max_queued_bytes = 1 << 20;
  Start();
  auto lock = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
  ASSERT_OK(lock);
  ASSERT_OK((*lock)->Execute("BEGIN IMMEDIATE"));
  // One of them waits for the disk, so the others find no room.
  constexpr uint64_t kExports = 3;
  std::vector<grpc::Status> statuses(kExports);
  absl::Notification refused;
  std::atomic<int> refusals = 0;
  std::vector<std::thread> senders;
  for (uint64_t i = 0; i < kExports; ++i) {
    senders.emplace_back([&, i] {
      OtlpTracesAnswer answer;
      statuses[i] = Export(Chat(i + 1, std::string(700'000, 'a')).request(), &answer);
      if (!statuses[i].ok() && ++refusals == 1) refused.Notify();
    });
  }
  EXPECT_TRUE(refused.WaitForNotificationWithTimeout(absl::Seconds(20)));
  ASSERT_OK((*lock)->Execute("ROLLBACK"));
  for (std::thread& sender : senders) sender.join();
  const auto found = std::find_if(statuses.begin(), statuses.end(), [](const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
  });
  ASSERT_NE(found, statuses.end());
  EXPECT_THAT(*found, HasReason(Reason::kBackPressure));
  EXPECT_THAT(found->error_details(), HasSubstr("google.rpc.RetryInfo"));
}

TEST_F(OtlpTest, TakesMetricsAndDropsThem) {
  namespace metrics = opentelemetry::proto::collector::metrics::v1;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  metrics::ExportMetricsServiceResponse answer;
  EXPECT_OK(metrics::MetricsService::NewStub(channel_.get())
                ->Export(&context, metrics::ExportMetricsServiceRequest(), &answer));
}

}  // namespace
}  // namespace flywheel::ingest
