// OTLP over HTTP through a real socket: what clients send, and what they are told.
#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/rpc/feed_token.h"
#include "tests/ingest_service/http/deflate.h"
#include "tests/ingest_service/http/otlp_http_fixture.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
using ::testing::AnyOf;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(OtlpHttpTest, StoresSpansOfBothEncodingsAndAnswersInKind) {
  const HttpReply first = Exchange(HttpPost(kTraces, kProtobuf, Bytes()));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.headers.at("content-type"), kProtobuf);
  ExportTraceServiceResponse response;
  EXPECT_TRUE(response.ParseFromString(first.body));
  EXPECT_FALSE(response.has_partial_success());

  const HttpReply second = Exchange(HttpPost(
      kTraces, "application/json; charset=utf-8",
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",)"
      R"("spanId":"eee19b7ec3c1b174","name":"chat","startTimeUnixNano":"1800000000000000000",)"
      R"("endTimeUnixNano":"1800000001000000000","attributes":[{"key":"gen_ai.operation.name",)"
      R"("value":{"stringValue":"chat"}}]}]}]}]})"));
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.headers.at("content-type"), kJson);
  EXPECT_EQ(second.body, "{}");
  EXPECT_EQ(WaitingSpans(), 2);
}

TEST_F(OtlpHttpTest, TellsWhichSpansItRefused) {
  ExportTraceServiceRequest request = Request("0123456789abcdef");
  request.MergeFrom(Request("too short"));
  const HttpReply reply = Exchange(HttpPost(kTraces, kProtobuf, request.SerializeAsString()));
  EXPECT_EQ(reply.status, 200);
  ExportTraceServiceResponse response;
  ASSERT_TRUE(response.ParseFromString(reply.body));
  EXPECT_EQ(response.partial_success().rejected_spans(), 1);
  EXPECT_EQ(WaitingSpans(), 1) << "the other one";
}

TEST_F(OtlpHttpTest, TakesLogRecords) {
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest request;
  auto* record = request.add_resource_logs()->add_scope_logs()->add_log_records();
  record->mutable_body()->set_string_value("of another program");
  EXPECT_EQ(Exchange(HttpPost("/v1/logs", kProtobuf, request.SerializeAsString())).status, 200);
  EXPECT_EQ(Exchange(HttpPost("/v1/logs", kJson, R"({"resourceLogs":[]})")).status, 200);
}

TEST_F(OtlpHttpTest, TakesWhatSdksPutBeforeThePath) {
  EXPECT_EQ(Exchange(HttpPost("/api/public/otel/v1/traces", kProtobuf, Bytes())).status, 200);
  EXPECT_EQ(WaitingSpans(), 1);
  EXPECT_EQ(Exchange(HttpPost("/otel/v1/logs", kJson, "{}")).status, 200);
}

TEST_F(OtlpHttpTest, AScoreByACallOfItsOwnIsASignalOfItsTrace) {
  const HttpReply reply = Exchange(HttpPost(
      "/api/public/scores", kJson,
      R"({"id":"s1","traceId":"5b8efff798038103d269b633813fc60c","name":"helpful","value":0.75})"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"id":"s1"})");
  ExpectStatus(Exchange(HttpPost("/api/public/scores", kJson, "score")), 400, "body");
  clock_.Advance(absl::Minutes(11));
  v1::GetStatsRequest request;
  request.set_min_token(rpc::FeedToken(1));
  v1::GetStatsResponse stats;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetStats, request, &stats));
  EXPECT_EQ(stats.signals(), 1);
}

TEST_F(OtlpHttpTest, TakesMetricsAndDropsThem) {
  const HttpReply bytes = Exchange(HttpPost("/v1/metrics", kProtobuf, "whatever"));
  EXPECT_EQ(bytes.status, 200);
  EXPECT_EQ(bytes.body, "");
  EXPECT_EQ(Exchange(HttpPost("/v1/metrics", kJson, R"({"resourceMetrics":[]})")).body, "{}");
}

TEST_F(OtlpHttpTest, NamesASpanOfWhichNothingCanBeMade) {
  const auto answer = [&](const std::string& span_id, const std::string& attribute) {
    const std::string span = R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":")" +
                             span_id + R"(","name":"step","attributes":[{"key":")" + attribute +
                             R"(","value":{"stringValue":"x"}}]})";
    return Exchange(HttpPost(kTraces, kJson,
                             R"({"resourceSpans":[{"scopeSpans":[{"scope":{"name":"acme-sdk"},)"
                             R"("spans":[)" +
                                 span + "]}]}]}"))
        .body;
  };
  const std::string unread = answer("00000000000000a1", "acme.llm.prompt_text");
  EXPECT_THAT(unread, HasSubstr("the first 'step' of 'acme-sdk'"));
  EXPECT_THAT(unread, Not(HasSubstr("rejectedSpans")));
  EXPECT_EQ(answer("00000000000000a2", "http.request.method"), "{}");
  EXPECT_EQ(answer("00000000000000a3", "gen_ai.prompt"), "{}");
}

TEST_F(OtlpHttpTest, TakesCompressedAndChunkedBodies) {
  const std::string gzip = "Content-Encoding: gzip\r\n";
  EXPECT_EQ(Exchange(HttpPost(kTraces, kProtobuf, Gzip(Bytes()), gzip)).status, 200);
  EXPECT_EQ(
      Exchange(HttpPost(kTraces, kProtobuf, Zlib(Bytes()), "Content-Encoding: deflate\r\n")).status,
      200);
  const std::string whole = Request("fedcba9876543210").SerializeAsString();
  std::string chunked =
      "POST /v1/traces?x=1 HTTP/1.1\r\nHost: a\r\nContent-Type: " + std::string(kProtobuf) +
      "\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char byte : whole) chunked += "1;note=x\r\n" + std::string(1, byte) + "\r\n";
  EXPECT_EQ(Exchange(chunked + "0\r\n\r\n").status, 200);
  EXPECT_EQ(WaitingSpans(), 2) << "the first was sent again";
}

TEST_F(OtlpHttpTest, RefusesWhatCannotBeDecodedInTheEncodingOfTheRequest) {
  ExpectStatus(Exchange(HttpPost(kTraces, kProtobuf, "\xff\xff")), 400, "cannot be decoded");
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, "{\"resourceSpans\":7}")), 400,
               "resourceSpans: got another value");
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, "")), 400, "want JSON");
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, "plain", "Content-Encoding: gzip\r\n")), 400,
               "cannot be inflated");
  ExpectStatus(Exchange("nonsense\r\n\r\n"), 400, "HTTP/1.1");
  ExpectStatus(Exchange("POST /v1/traces HTTP/1.1\r\nContent-Length: x\r\n\r\n"), 400, "HTTP/1.1");
}

TEST_F(OtlpHttpTest, SaysWhereAndHowItWantsToBeCalled) {
  ExpectStatus(Exchange(HttpPost("/v1/spans", kProtobuf, "")), 404, "ends in /v1/traces");
  const HttpReply get = Exchange("GET /v1/traces HTTP/1.1\r\nHost: a\r\n\r\n");
  ExpectStatus(get, 405, "want POST");
  EXPECT_EQ(get.headers.at("allow"), "POST");
  ExpectStatus(Exchange(HttpPost(kTraces, "text/plain", "x")), 415, "application/x-protobuf");
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, "x", "Content-Encoding: br\r\n")), 415,
               "gzip, deflate or none");
  const HttpReply odd = Exchange(HttpPost("/\xff\x01%00'\"", "\xc3\x28", ""));
  EXPECT_TRUE(odd.status == 400 || odd.status == 404) << odd.status;
  EXPECT_FALSE(odd.body.empty());
  HttpClient head(port());
  head.Send("HEAD /v1/traces HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.Read().status, 0) << "an answer to HEAD has no body";
}

TEST_F(OtlpHttpTest, AnswersOneRequestAfterTheOtherOnAConnection) {
  HttpClient client(port());
  client.Send(HttpPost(kTraces, kProtobuf, Bytes()));
  EXPECT_EQ(client.Read().status, 200);
  // Two at once, and a refusal of content, after which the connection goes on.
  client.Send(HttpPost(kTraces, kJson, "{") + HttpPost(kTraces, kJson, "{}"));
  EXPECT_EQ(client.Read().status, 400);
  EXPECT_EQ(client.Read().status, 200);
  client.Send(HttpPost(kTraces, kJson, "{}", "Connection: close\r\n"));
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(OtlpHttpTest, InvitesABodyOnlyAfterAdmission) {
  HttpClient client(port());
  const std::string request = HttpPost(kTraces, kJson, "{}", "Expect: 100-continue\r\n");
  client.Send(request.substr(0, request.size() - 2));
  EXPECT_EQ(client.Read().status, 100);
  client.Send("{}");
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_EQ(Exchange(HttpPost("/", kJson, "{}", "Expect: 100-continue\r\n")).status, 404);
}

TEST_F(OtlpHttpTest, AsksForAKeyBeforeItReadsTheBody) {
  std::ofstream(dir_.path() + "/keys") << "agent red-writer-0123456789 red writer\n"
                                          "board red-reader-0123456789 red reader\n"
                                          "wheel all-service-0123456789 * service\n";
  config_.server.api_keys_file = dir_.path() + "/keys";
  Start();
  HttpClient stranger(port());
  stranger.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Content-Length: 1000\r\n\r\n");
  const HttpReply without = stranger.Read();
  ExpectStatus(without, 401, "no key");
  EXPECT_EQ(without.headers.at("www-authenticate"), "Bearer");
  const auto with = [&](const std::string& headers) {
    return Exchange(HttpPost(kTraces, kJson, "{}", headers));
  };
  EXPECT_EQ(with("Authorization: Bearer wrong-writer-0123456789\r\n").status, 401);
  EXPECT_EQ(with("Authorization: Bearer red-reader-0123456789\r\n").status, 403);
  EXPECT_EQ(with("Authorization: bearer red-writer-0123456789\r\n").status, 200);
  // As Langfuse's SDK (user and password) and LangSmith's send it.
  EXPECT_EQ(with("Authorization: Basic cGstMTpyZWQtd3JpdGVyLTAxMjM0NTY3ODk=\r\n").status, 200);
  EXPECT_EQ(with("Authorization: Basic cGstMTp3cm9uZy13cml0ZXItMDEyMzQ1Njc4OQ==\r\n").status, 401);
  EXPECT_EQ(with("X-Api-Key: red-writer-0123456789\r\n").status, 200);
  EXPECT_EQ(with("X-Api-Key: red-reader-0123456789\r\n").status, 403);
  EXPECT_EQ(with("Authorization: Bearer red-writer-0123456789\r\n"
                 "X-Flywheel-Project: blue\r\n")
                .status,
            403);
  EXPECT_EQ(with("Authorization: Bearer all-service-0123456789\r\n"
                 "X-Flywheel-Project: blue\r\n")
                .status,
            200);
}

TEST_F(OtlpHttpTest, EndsIdleConnectionsWhenItStops) {
  HttpClient idle(port());
  HttpClient used(port());
  used.Send(HttpPost(kTraces, kJson, "{}"));
  EXPECT_EQ(used.Read().status, 200);
  const int stopped_port = port();
  server_->Stop(absl::Seconds(20));
  EXPECT_TRUE(idle.ReadsEnd());
  EXPECT_TRUE(used.ReadsEnd());
  EXPECT_FALSE(HttpClient(stopped_port).connected());
}

TEST_F(OtlpHttpTest, CutsACallThatDoesNotEndWhenItStops) {
  HttpClient slow(port());
  slow.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Content-Length: 1000\r\n\r\n{");
  EXPECT_EQ(Exchange(HttpPost(kTraces, kJson, "{}")).status, 200);
  server_ = nullptr;
  // A head that is read only now is refused; the call of one that was read before is cut.
  EXPECT_THAT(slow.Read().status, AnyOf(0, 503));
}

TEST_F(OtlpHttpTest, KeepsTheRulesOfTheOtherPorts) {
  const auto start = [&](const std::string& listen) {
    IngestConfig config = config_;
    config.otlp_http_listen = listen;
    config.server.data_dir = dir_.path() + "/other";
    config.server.database_url = "";
    EXPECT_OK(rpc::FinishServerConfig(config.server));
    return IngestServer::Start(config, &clock_).status();
  };
  for (const std::string& listen :
       {std::string("0.0.0.0:0"), std::string("nonsense"), std::string("unix:/tmp/x"),
        "127.0.0.1:" + std::to_string(port())}) {
    const absl::Status status = start(listen);
    EXPECT_THAT(status, HasReason(Reason::kInvalidConfiguration)) << listen;
    EXPECT_THAT(errors::MessageOf(status), HasSubstr("--otlp-http-listen: got '" + listen))
        << listen;
  }
}

}  // namespace
}  // namespace flywheel::ingest
