#include "ingest_service/http/otlp_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "google/rpc/status.pb.h"
#include "ingest_service/http/otlp_json.h"
#include "ingest_service/http/score_reader.h"
#include "ingest_service/otlp/export_decoder.h"
#include "ingest_service/otlp/export_key.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

constexpr char kProtobuf[] = "application/x-protobuf";
constexpr char kJson[] = "application/json";
// Ends of paths: SDKs put what they are used to before them, such as /api/public/otel.
constexpr char kTraces[] = "/v1/traces";
constexpr char kLogs[] = "/v1/logs";
constexpr char kMetrics[] = "/v1/metrics";
constexpr size_t kMaxShownBytes = 80;

constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kTooLarge = 413;
constexpr int kUnsupportedMediaType = 415;
constexpr int kTooManyRequests = 429;
constexpr int kInternal = 500;
constexpr int kUnavailable = 503;

// Without parameters such as "; charset=utf-8".
bool HasType(std::string_view content_type, std::string_view type) {
  const std::string_view bare = content_type.substr(0, content_type.find(';'));
  const absl::string_view stripped = absl::StripAsciiWhitespace({bare.data(), bare.size()});
  return absl::EqualsIgnoreCase(stripped, {type.data(), type.size()});
}

const char* MethodOf(const std::string& path) {
  if (path.ends_with(kTraces)) return "ExportTracesHttp";
  if (path.ends_with(kMetrics)) return "ExportMetricsHttp";
  if (TakesScores(path)) return "ExportScoresHttp";
  return path.ends_with(kLogs) ? "ExportLogsHttp" : "Http";
}

std::string Shown(const std::string& text) {
  return fmt::format("'{}'", Shorten(text, kMaxShownBytes));
}

// A client of OTLP sends again after 429 and 503 and after no other of these.
int HttpStatusOf(const absl::Status& status) {
  if (status.ok()) return 200;
  const bool again = errors::RetryDelayOf(status).has_value();
  if (errors::ReasonOf(status) == Reason::kTooLarge) return kTooLarge;
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
      return kUnauthorized;
    case absl::StatusCode::kPermissionDenied:
      return kForbidden;
    case absl::StatusCode::kResourceExhausted:
      return again ? kTooManyRequests : kForbidden;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
      return kUnavailable;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return kInternal;
    default:
      return again ? kUnavailable : kBadRequest;
  }
}

// The body of an error is google.rpc.Status, in the encoding of the request.
std::string ErrorBody(const std::string& status_bytes, bool protobuf) {
  if (protobuf) return status_bytes;
  google::rpc::Status status;
  if (!status.ParseFromString(status_bytes)) return "{}";
  std::string json = ToJson(status);
  // A detail of a type that is not linked cannot be written as JSON: without details then.
  if (json == "{}") {
    status.clear_details();
    json = ToJson(status);
  }
  return json;
}

}  // namespace

OtlpExchange::OtlpExchange(const OtlpHttp& otlp, HttpHead head)
    : otlp_(otlp),
      head_(std::move(head)),
      protobuf_(HasType(head_.content_type, kProtobuf)),
      call_(otlp_.endpoint->Begin(rpc::CallMetadata{.request_id = head_.request_id},
                                  MethodOf(head_.path))) {}

OtlpExchange::~OtlpExchange() {
  if (!concluded_) Conclude(errors::Cancelled());
}

std::optional<HttpAnswer> OtlpExchange::Open() {
  // The path and the method before the key, as any HTTP server does.
  const bool known = head_.path.ends_with(kTraces) || head_.path.ends_with(kLogs) ||
                     head_.path.ends_with(kMetrics) || TakesScores(head_.path);
  if (!known) {
    return Refuse(kNotFound,
                  errors::InvalidArgument("path", Shown(head_.path),
                                          "one that ends in /v1/traces, /v1/logs or /v1/metrics"));
  }
  if (head_.method != "POST") {
    HttpAnswer answer =
        Refuse(kMethodNotAllowed, errors::InvalidArgument("method", Shown(head_.method), "POST"));
    answer.headers.emplace_back("Allow", "POST");
    return answer;
  }
  // Key, role and size, by the same rules as gRPC's calls.
  const std::string authorization = BearerOf(head_.authorization, head_.api_key);
  const absl::Status admitted = otlp_.endpoint->Admit(
      {authorization, head_.flywheel_project, head_.request_id, head_.repeated}, rpc::Role::kWriter,
      head_.content_length, call_);
  if (!admitted.ok()) return Conclude(admitted);
  // What only a caller with a key is told.
  if (!protobuf_ && !HasType(head_.content_type, kJson)) {
    return Refuse(kUnsupportedMediaType,
                  errors::InvalidArgument("Content-Type", Shown(head_.content_type),
                                          fmt::format("{} or {}", kProtobuf, kJson)));
  }
  auto body = BodyReader::Make(head_.content_encoding, otlp_.max_body_bytes, otlp_.bodies,
                               call_.caller.project);
  if (!body.ok()) {
    if (absl::IsInternal(body.status())) return Conclude(body.status());
    return Refuse(kUnsupportedMediaType, body.status());
  }
  body_ = *std::move(body);
  return std::nullopt;
}

std::optional<HttpAnswer> OtlpExchange::Add(std::string_view piece) {
  const absl::Status status = body_->Add(piece);
  if (status.ok()) return std::nullopt;
  return Conclude(status);
}

void OtlpExchange::Serve(Done done) {
  if (head_.path.ends_with(kTraces)) return ServeTraces(std::move(done));
  if (head_.path.ends_with(kMetrics)) return DropMetrics(done);
  if (TakesScores(head_.path)) return ServeScores(std::move(done));
  ServeLogs(std::move(done));
}

void OtlpExchange::DropMetrics(const Done& done) {
  otlp_.receiver->DropMetrics();
  HttpAnswer answer = Conclude(absl::OkStatus());
  if (!protobuf_) answer.body = "{}";
  done(std::move(answer));
}

void OtlpExchange::ServeTraces(Done done) {
  const int64_t size_bytes = body_->size_bytes();
  OtlpReceiver::TracesRequest request;
  const absl::Status decoded = Decode(request);
  if (!decoded.ok()) return done(Conclude(decoded));
  otlp_.receiver->ExportTraces(call_.caller.project, request, size_bytes,
                               [self = shared_from_this(), done = std::move(done)](
                                   const absl::StatusOr<OtlpReceiver::TracesResponse>& response) {
                                 done(self->Answer(response));
                               });
}

void OtlpExchange::ServeLogs(Done done) {
  const int64_t size_bytes = body_->size_bytes();
  OtlpReceiver::LogsRequest request;
  const absl::Status decoded = Decode(request);
  if (!decoded.ok()) return done(Conclude(decoded));
  otlp_.receiver->ExportLogs(call_.caller.project, request, size_bytes,
                             [self = shared_from_this(), done = std::move(done)](
                                 const absl::StatusOr<OtlpReceiver::LogsResponse>& response) {
                               done(self->Answer(response));
                             });
}

void OtlpExchange::ServeScores(Done done) {
  const int64_t size_bytes = body_->size_bytes();
  const absl::StatusOr<std::string_view> body = body_->Finish();
  if (!body.ok()) return done(Conclude(body.status()));
  auto scores = ReadScores(head_.path, *body, otlp_.endpoint->clock().Now());
  if (!scores.ok()) return done(Conclude(scores.status()));
  body_->Release();
  otlp_.receiver->ExportLogs(
      call_.caller.project, scores->events, size_bytes,
      [self = shared_from_this(), done = std::move(done), answer = std::move(scores->answer),
       http_status =
           scores->http_status](const absl::StatusOr<OtlpReceiver::LogsResponse>& response) {
        if (!response.ok()) return done(self->Conclude(response.status()));
        HttpAnswer told = self->Conclude(absl::OkStatus(), http_status);
        told.body = answer;
        done(std::move(told));
      });
}

template <typename Request>
absl::Status OtlpExchange::Decode(Request& request) const {
  ASSIGN_OR_RETURN(const std::string_view body, body_->Finish());
  RETURN_IF_ERROR(protobuf_ ? DecodeExport(body, &request) : ParseOtlpJson(body, request));
  // From here on the receiver counts what it keeps.
  body_->Release();
  return absl::OkStatus();
}

template <typename Response>
HttpAnswer OtlpExchange::Answer(const absl::StatusOr<Response>& response) {
  HttpAnswer answer = Conclude(response.status());
  if (response.ok()) {
    answer.body = protobuf_ ? response->SerializeAsString() : ToJson(*response);
  }
  return answer;
}

HttpAnswer OtlpExchange::Refuse(int http_status, const absl::Status& status) {
  return Conclude(status, http_status);
}

HttpAnswer OtlpExchange::Conclude(const absl::Status& status) {
  return Conclude(status, HttpStatusOf(status));
}

HttpAnswer OtlpExchange::Conclude(const absl::Status& status, int http_status) {
  concluded_ = true;
  // The connection may linger.
  if (body_ != nullptr) body_->Release();
  const grpc::Status wire = otlp_.endpoint->Conclude(call_, status);
  HttpAnswer answer;
  answer.status = http_status;
  answer.content_type = protobuf_ ? kProtobuf : kJson;
  if (!status.ok()) answer.body = ErrorBody(wire.error_details(), protobuf_);
  if (http_status == kUnauthorized) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (const auto delay = errors::RetryDelayOf(status)) {
    // In whole seconds, and never 0.
    const int64_t seconds = absl::ToInt64Seconds(*delay + absl::Seconds(1) - absl::Nanoseconds(1));
    answer.headers.emplace_back("Retry-After", fmt::format("{}", std::max<int64_t>(seconds, 1)));
  }
  return answer;
}

}  // namespace flywheel::ingest
