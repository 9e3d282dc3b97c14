// OTLP's JSON into its messages.
#include "ingest_service/http/otlp_json.h"

#include <gmock/gmock.h>

#include <cmath>
#include <string>

#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using opentelemetry::proto::trace::v1::Span;
using testing::HasReason;
using ::testing::HasSubstr;

// A request with one span of these fields.
std::string WithSpan(const std::string& fields) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + fields + "}]}]}]}";
}

// A request with one attribute of this value.
std::string WithValue(const std::string& value) {
  return WithSpan(R"("attributes":[{"key":"a","value":)" + value + "}]");
}

Span ParseSpan(const std::string& fields) {
  ExportTraceServiceRequest request;
  EXPECT_OK(ParseOtlpJson(WithSpan(fields), request)) << fields;
  if (request.resource_spans_size() == 0) return {};
  return request.resource_spans(0).scope_spans(0).spans(0);
}

opentelemetry::proto::common::v1::AnyValue ParseValue(const std::string& value) {
  const Span span = ParseSpan(R"("attributes":[{"key":"a","value":)" + value + "}]");
  return span.attributes_size() == 1 ? span.attributes(0).value()
                                     : opentelemetry::proto::common::v1::AnyValue();
}

absl::Status Parse(const std::string& json) {
  ExportTraceServiceRequest request;
  return ParseOtlpJson(json, request);
}

// As JavaScript and Python write a text that was cut inside of an emoji.
TEST(OtlpJson, HalvesOfCharactersCostNothingElse) {
  const Span span = ParseSpan(R"("name":"a\ud83e b \ud83e\udd14","status":{"message":"ok"})");
  EXPECT_EQ(span.name(), "a\uFFFD b \U0001F914");
  EXPECT_EQ(span.status().message(), "ok");
}

// The refusal names the place, what came and what is wanted.
void ExpectRefused(const std::string& json, const std::string& text) {
  const absl::Status status = Parse(json);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << json;
  EXPECT_THAT(errors::MessageOf(status), HasSubstr(text)) << json;
}

TEST(OtlpJson, ReadsIdsAsHexadecimalInEitherCase) {
  const Span span =
      ParseSpan(R"("traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174",)"
                R"("parentSpanId":"EEE19b7ec3c1b173","links":[{"traceId":"00ff","spanId":""}])");
  EXPECT_EQ(span.trace_id(), "\x5B\x8E\xFF\xF7\x98\x03\x81\x03\xD2\x69\xB6\x33\x81\x3F\xC6\x0C");
  EXPECT_EQ(span.span_id(), "\xEE\xE1\x9B\x7E\xC3\xC1\xB1\x74");
  EXPECT_EQ(span.parent_span_id(), "\xEE\xE1\x9B\x7E\xC3\xC1\xB1\x73");
  EXPECT_EQ(span.links(0).trace_id(), std::string("\0\xFF", 2));
  ExpectRefused(WithSpan(R"("traceId":"5b8")"),
                "resourceSpans[0].scopeSpans[0].spans[0].traceId: got another value, want "
                "hexadecimal digits in pairs");
  ExpectRefused(WithSpan(R"("spanId":"zz")"), "spans[0].spanId");
}

TEST(OtlpJson, ReadsNumbersOfSixtyFourBitsAsNumbersAndAsTexts) {
  EXPECT_EQ(ParseSpan(R"("startTimeUnixNano":"1544712660000000001")").start_time_unix_nano(),
            1544712660000000001u);
  EXPECT_EQ(ParseSpan(R"("startTimeUnixNano":1544712660000000001)").start_time_unix_nano(),
            1544712660000000001u);
  EXPECT_EQ(ParseSpan(R"("startTimeUnixNano":1.5e18)").start_time_unix_nano(),
            1500000000000000000u);
  EXPECT_EQ(ParseSpan(R"("endTimeUnixNano":18446744073709551615)").end_time_unix_nano(),
            UINT64_MAX);
  EXPECT_EQ(ParseValue(R"({"intValue":"-9223372036854775808"})").int_value(), INT64_MIN);
  EXPECT_EQ(ParseValue(R"({"intValue":-3.0})").int_value(), -3);
  for (const char* wrong :
       {"1.5", "-1", "\"1x\"", "\"\"", "\" 1\"", "18446744073709551616", "1e30", "true", "{}"}) {
    EXPECT_THAT(Parse(WithSpan(std::string(R"("startTimeUnixNano":)") + wrong)),
                HasReason(Reason::kInvalidArgument))
        << wrong;
  }
  EXPECT_THAT(Parse(WithValue(R"({"intValue":9223372036854775808})")),
              HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Parse(WithSpan(R"("droppedAttributesCount":4294967296)")),
              HasReason(Reason::kInvalidArgument));
}

TEST(OtlpJson, ReadsEnumsAsNumbersAndAsNames) {
  EXPECT_EQ(ParseSpan(R"("kind":3)").kind(), Span::SPAN_KIND_CLIENT);
  EXPECT_EQ(ParseSpan(R"("kind":"SPAN_KIND_SERVER")").kind(), Span::SPAN_KIND_SERVER);
  EXPECT_EQ(ParseSpan(R"("kind":99)").kind(), 99) << "of a newer client";
  EXPECT_EQ(ParseSpan(R"("status":{"code":2,"message":"timeout"})").status().message(), "timeout");
  ExpectRefused(WithSpan(R"("kind":"client")"), "opentelemetry.proto.trace.v1.Span.SpanKind");
}

TEST(OtlpJson, ReadsEveryKindOfValue) {
  EXPECT_EQ(ParseValue(R"({"stringValue":"caf\u00e9 \ud83d\ude00"})").string_value(), "café 😀");
  EXPECT_TRUE(ParseValue(R"({"boolValue":true})").bool_value());
  EXPECT_DOUBLE_EQ(ParseValue(R"({"doubleValue":0.25})").double_value(), 0.25);
  EXPECT_DOUBLE_EQ(ParseValue(R"({"doubleValue":7})").double_value(), 7);
  EXPECT_TRUE(std::isnan(ParseValue(R"({"doubleValue":"NaN"})").double_value()));
  EXPECT_EQ(ParseValue(R"({"doubleValue":"-Infinity"})").double_value(), -HUGE_VAL);
  EXPECT_EQ(ParseValue(R"({"bytesValue":"AP8="})").bytes_value(), std::string("\0\xFF", 2));
  EXPECT_EQ(ParseValue(R"({"arrayValue":{"values":[{"intValue":1},{},{"stringValue":"b"}]}})")
                .array_value()
                .values_size(),
            3);
  EXPECT_EQ(ParseValue(R"({"kvlistValue":{"values":[{"key":"k","value":{"boolValue":false}}]}})")
                .kvlist_value()
                .values(0)
                .key(),
            "k");
  EXPECT_EQ(ParseValue("null").value_case(), 0);
  ExpectRefused(WithValue(R"({"stringValue":1})"), "want a text");
  ExpectRefused(WithValue(R"({"boolValue":"true"})"), "want true or false");
  ExpectRefused(WithValue(R"({"bytesValue":"*"})"), "want base64");
  ExpectRefused(WithValue(R"("bare")"), "want an object");
  ExpectRefused(WithValue("[]"), "want an object");
}

TEST(OtlpJson, IgnoresWhatItDoesNotKnow) {
  const Span span = ParseSpan(
      R"("name":"a","future":{"name":"b","spans":[{"name":"c"}]},"more":[[{"name":"d"}],1,null],)"
      R"("attributes":[{"key":"k","keyRef":7,"value":{"stringValue":"v","odd":[{}]}}],"flags":1)");
  EXPECT_EQ(span.name(), "a");
  EXPECT_EQ(span.attributes(0).value().string_value(), "v");
  EXPECT_EQ(span.flags(), 1u);
  EXPECT_EQ(ParseSpan(R"("trace_state":"x=1","start_time_unix_nano":5)").start_time_unix_nano(), 5u)
      << "names as in the .proto";
}

TEST(OtlpJson, ReadsLogs) {
  ExportLogsServiceRequest request;
  ASSERT_OK(ParseOtlpJson(
      R"({"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"logRecords":[{)"
      R"("timeUnixNano":"1","severityNumber":9,"eventName":"gen_ai.evaluation.result",)"
      R"("traceId":"ab","body":{"stringValue":"x"}}]}]}]})",
      request));
  const auto& record = request.resource_logs(0).scope_logs(0).log_records(0);
  EXPECT_EQ(record.event_name(), "gen_ai.evaluation.result");
  EXPECT_EQ(record.trace_id(), "\xAB");
}

TEST(OtlpJson, RefusesWhatIsNoJsonAndSaysWhere) {
  ExpectRefused("", "body: got something else at byte 1, want JSON");
  ExpectRefused("{", "want JSON");
  ExpectRefused("[]", "want an object");
  ExpectRefused("null", "want an object");
  ExpectRefused("7", "want an object");
  ExpectRefused("{} {}", "want JSON");
  ExpectRefused("{\"resourceSpans\":[{]}", "at byte 20");
  ExpectRefused("{\"a\":\"\xff\"}", "want JSON");
  ExpectRefused("{\"a\":1e999}", "want JSON");
  ExpectRefused(R"({"resourceSpans":{}})",
                "resourceSpans: got an object, want an array of objects");
  ExpectRefused(R"({"resourceSpans":[[]]})", "resourceSpans[0]: got an array");
  ExpectRefused(R"({"resourceSpans":[{},7]})", "resourceSpans[1]: got another value");
}

TEST(OtlpJson, NestsAsDeepAsTheBinaryFormAndNoDeeper) {
  const auto nested = [](int depth) {
    std::string json;
    for (int i = 0; i < depth; ++i) json += R"({"arrayValue":{"values":[)";
    json += "{}";
    for (int i = 0; i < depth; ++i) json += "]}}";
    return WithValue(json);
  };
  ExportTraceServiceRequest request;
  ASSERT_OK(ParseOtlpJson(nested(47), request));
  ExportTraceServiceRequest again;
  EXPECT_TRUE(again.ParseFromString(request.SerializeAsString()));
  ExpectRefused(nested(48), "want at most 100 messages");
  EXPECT_OK(Parse(R"({"unknown":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
}

TEST(OtlpJson, RefusesATextOfCountlessEmptyObjects) {
  std::string json = R"({"resourceSpans":[{})";
  for (int i = 0; i < 1'000'000; ++i) json += ",{}";
  EXPECT_THAT(Parse(json + "]}"), HasReason(Reason::kTooLarge));
}

TEST(OtlpJson, WritesAnswers) {
  opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse response;
  EXPECT_EQ(ToJson(response), "{}");
  response.mutable_partial_success()->set_rejected_spans(2);
  response.mutable_partial_success()->set_error_message("no trace id");
  EXPECT_EQ(ToJson(response),
            R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"no trace id"}})");
}

}  // namespace
}  // namespace flywheel::ingest
