// OTLP over HTTP through a real socket: what clients are told, and what they can do to the server.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/sql/connection.h"
#include "tests/ingest_service/http/deflate.h"
#include "tests/ingest_service/ingest_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::ingest {
namespace {

using integration::HttpClient;
using integration::HttpPost;
using integration::HttpReply;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
using testing::HasReason;
using ::testing::HasSubstr;

constexpr char kProtobuf[] = "application/x-protobuf";
constexpr char kJson[] = "application/json";
constexpr char kTraces[] = "/v1/traces";
constexpr int64_t kMaxBytes = 64 << 10;

class OtlpHttpTest : public IngestTest {
 protected:
  OtlpHttpTest() {
    config_.otlp_http_listen = "127.0.0.1:0";
    config_.server.max_message_bytes = kMaxBytes;
    config_.server.max_queued_bytes = kMaxBytes;
  }

  int port() const { return server_->otlp_http_port(); }

  // An export of one span; `text` makes it as large as it has to be.
  ExportTraceServiceRequest Request(const std::string& trace_id, const std::string& text = "hi") {
    ExportTraceServiceRequest request;
    auto* span = request.add_resource_spans()->add_scope_spans()->add_spans();
    span->set_trace_id(trace_id);
    span->set_span_id("01234567");
    span->set_name("invoke_agent support");
    span->set_start_time_unix_nano(static_cast<uint64_t>(absl::ToUnixNanos(clock_.Now())));
    span->set_end_time_unix_nano(static_cast<uint64_t>(absl::ToUnixNanos(clock_.Now())));
    const std::pair<const char*, std::string> attributes[] = {
        {"gen_ai.operation.name", "invoke_agent"}, {"input.value", text}};
    for (const auto& [name, value] : attributes) {
      auto* attribute = span->add_attributes();
      attribute->set_key(name);
      attribute->mutable_value()->set_string_value(value);
    }
    return request;
  }
  std::string Bytes() { return Request("0123456789abcdef").SerializeAsString(); }

  HttpReply Exchange(const std::string& request) {
    HttpClient client(port());
    client.Send(request);
    return client.Read();
  }

  // How many spans wait in the store for their trace to end.
  int64_t WaitingSpans() {
    const auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
    EXPECT_OK(connection);
    sql::Statement statement = (*connection)->Prepare("SELECT COUNT(*) FROM otlp_spans");
    EXPECT_TRUE(statement.Next()) << statement.status();
    return statement.Int64(0);
  }

  // A google.rpc.Status of this text in the body.
  static void ExpectStatus(const HttpReply& reply, int http_status, const std::string& text) {
    EXPECT_EQ(reply.status, http_status) << reply.body;
    if (reply.headers.at("content-type") == kJson) {
      EXPECT_THAT(reply.body, HasSubstr("\"message\":\""));
      EXPECT_THAT(reply.body, HasSubstr(text));
      EXPECT_THAT(reply.body, HasSubstr("google.rpc.ErrorInfo"));
    } else {
      google::rpc::Status status;
      EXPECT_TRUE(status.ParseFromString(reply.body));
      EXPECT_THAT(status.message(), HasSubstr(text));
      EXPECT_GT(status.details_size(), 0);
    }
  }
};

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
  ExpectStatus(Exchange(HttpPost("/v1/metrics", kProtobuf, "")), 404, "/v1/traces or /v1/logs");
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

TEST_F(OtlpHttpTest, RefusesWhatIsTooLargeBeforeItIsRead) {
  HttpClient client(port());
  client.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Content-Length: 65537\r\n\r\n");
  const HttpReply announced = client.Read();
  ExpectStatus(announced, 413, "got 65537 bytes, want at most 65536");
  EXPECT_EQ(announced.headers.at("connection"), "close");
  const std::string bomb = Gzip(std::string(10 << 20, ' '));
  ASSERT_LT(static_cast<int64_t>(bomb.size()), kMaxBytes);
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, bomb, "Content-Encoding: gzip\r\n")), 413,
               "after inflation");
  // The server drops the rest, so that the client can read the answer.
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  HttpClient endless(port());
  endless.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) endless.Send(chunk);
  ExpectStatus(endless.Read(), 413, "want at most 65536");
}

TEST_F(OtlpHttpTest, RefusesAHeadThatDoesNotEnd) {
  HttpClient line(port());
  line.Send("POST /v1/traces HTTP/1.1\r\nX-Long: " + std::string(1 << 20, 'a'));
  EXPECT_EQ(line.Read().status, 431);
  std::string many = "POST /v1/traces HTTP/1.1\r\n";
  for (int i = 0; i < 2'000; ++i) many += "X-" + std::to_string(i) + ": some value\r\n";
  EXPECT_EQ(Exchange(many).status, 431);
}

TEST_F(OtlpHttpTest, AsksForAKeyBeforeItReadsTheBody) {
  std::ofstream(dir_.path() + "/keys") << "red-writer-0123456789 red writer\n"
                                          "red-reader-0123456789 red reader\n"
                                          "all-service-0123456789 * service\n";
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
  EXPECT_EQ(with("Authorization: Bearer red-writer-0123456789\r\n"
                 "X-Flywheel-Project: blue\r\n")
                .status,
            403);
  EXPECT_EQ(with("Authorization: Bearer all-service-0123456789\r\n"
                 "X-Flywheel-Project: blue\r\n")
                .status,
            200);
}

TEST_F(OtlpHttpTest, LetsIdleConnectionsGiveWayWhenAllAreTaken) {
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4'096);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 4'096) GTEST_SKIP() << "both ends of 600 connections are too many files";
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (int i = 0; i < 600; ++i) {
    idle.push_back(std::make_unique<HttpClient>(port()));
    ASSERT_TRUE(idle.back()->connected()) << i;
  }
  EXPECT_EQ(Exchange(HttpPost(kTraces, kJson, "{}")).status, 200) << "after five seconds";
  EXPECT_TRUE(idle[400]->ReadsEnd()) << "it came when more than half were taken";
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
  EXPECT_EQ(slow.Read().status, 0);
}

// The clock that matters here is the machine's; however late this test is, what it asks for comes.
TEST_F(OtlpHttpTest, AnswersABodyThatComesTooSlowlyAndGivesItsMemoryBack) {
  config_.otlp_body_pace = {.base = std::chrono::milliseconds(50), .bytes_per_second = 1 << 30};
  Start();
  const std::string head =
      "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  HttpClient announced(port());
  announced.Send(head + "Content-Length: 60000\r\n\r\n" + std::string(40'000, ' '));
  const HttpReply reply = announced.Read();
  ExpectStatus(reply, 408, "body: got ");
  EXPECT_EQ(reply.headers.at("connection"), "close");
  HttpClient chunked(port());
  chunked.Send(head + "Transfer-Encoding: chunked\r\n\r\n10\r\n{");
  ExpectStatus(chunked.Read(), 408, "want one that is whole within");
  HttpClient invited(port());
  invited.Send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(invited.Read().status, 100);
  EXPECT_EQ(invited.Read().status, 408);
  // All of the memory is there for a body of the largest size. Where the machine holds its breath,
  // that one is too slow as well.
  int status = 408;
  for (int i = 0; i < 100 && status == 408; ++i) {
    status = Exchange(HttpPost(kTraces, kJson, "{}" + std::string(kMaxBytes - 2, ' '))).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(OtlpHttpTest, LeavesRoomForOtherProjectsBesideOneThatHoldsAllItMay) {
  std::ofstream(dir_.path() + "/keys") << "red-writer-0123456789 red writer\n"
                                          "blue-writer-0123456789 blue writer\n";
  config_.server.api_keys_file = dir_.path() + "/keys";
  config_.server.max_queued_bytes = 3 * kMaxBytes;
  config_.otlp_body_pace.base = std::chrono::hours(1);
  Start();
  // Bodies of which the end does not come. The server takes them in pieces of 16 KiB, two of each:
  // three bodies hold half of the memory.
  std::vector<std::unique_ptr<HttpClient>> red;
  std::vector<pollfd> answers;
  for (int i = 0; i < 4; ++i) {
    red.push_back(std::make_unique<HttpClient>(port()));
    red.back()->Send(
        "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Content-Length: 65536\r\nAuthorization: Bearer red-writer-0123456789\r\n\r\n" +
        std::string(40'000, ' '));
    answers.push_back({red.back()->descriptor(), POLLIN, 0});
  }
  // The one that came last, or two that came last at the same moment.
  ASSERT_GE(poll(answers.data(), answers.size(), 20'000), 1);
  for (size_t i = 0; i < red.size(); ++i) {
    if (answers[i].revents != 0) ExpectStatus(red[i]->Read(), 429, "the limit is");
  }
  EXPECT_EQ(Exchange(HttpPost(kTraces, kJson, "{}" + std::string(60'000, ' '),
                              "Authorization: Bearer blue-writer-0123456789\r\n"))
                .status,
            200);
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
