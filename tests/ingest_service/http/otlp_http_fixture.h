// Test fixture: an ingest service that takes OTLP over HTTP at a port of its own.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_OTLP_HTTP_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_OTLP_HTTP_FIXTURE_H_

#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shared/sql/connection.h"
#include "tests/ingest_service/ingest_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::ingest {

using integration::HttpClient;
using integration::HttpPost;
using integration::HttpReply;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

inline constexpr char kProtobuf[] = "application/x-protobuf";
inline constexpr char kJson[] = "application/json";
inline constexpr char kTraces[] = "/v1/traces";
// The largest body.
inline constexpr int64_t kMaxBytes = 64 << 10;

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
      EXPECT_THAT(reply.body, ::testing::HasSubstr("\"message\":\""));
      EXPECT_THAT(reply.body, ::testing::HasSubstr(text));
      EXPECT_THAT(reply.body, ::testing::HasSubstr("google.rpc.ErrorInfo"));
    } else {
      google::rpc::Status status;
      EXPECT_TRUE(status.ParseFromString(reply.body));
      EXPECT_THAT(status.message(), ::testing::HasSubstr(text));
      EXPECT_GT(status.details_size(), 0);
    }
  }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_OTLP_HTTP_FIXTURE_H_
