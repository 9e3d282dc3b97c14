// One OTLP/HTTP request and its response, without sockets.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_EXCHANGE_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_EXCHANGE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/http/body_reader.h"
#include "ingest_service/http/byte_budget.h"
#include "ingest_service/http/http_message.h"
#include "ingest_service/otlp/otlp_receiver.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// What every exchange uses. All pointers outlive it.
struct OtlpHttp {
  rpc::Endpoint* endpoint;
  const OtlpReceiver* receiver;
  // Of the bodies of all requests that are not answered yet.
  ByteBudget* bodies;
  // Of one body, as it comes and inflated.
  int64_t max_body_bytes;
};

// One request to a path that ends in /v1/traces, /v1/logs or /v1/metrics, or that SDKs send scores
// to (score_reader.h), through the same door as a gRPC call: admitted by its head alone (the key as
// "Bearer KEY", as the password of Basic, or as x-api-key), read, decoded, handed to the receiver,
// answered in its own encoding, and concluded with metrics and a log line. One that ends without an
// answer is concluded as CANCELLED. For one thread at a time.
//
// Answers: 200 with the response of OTLP; else a google.rpc.Status (in JSON where the request is
// not protobuf) with 400 for what cannot be decoded, 401, 403, 404, 405, 408 for a body that came
// too slowly, 413, 415, and 429 or 503 with Retry-After where sending again helps.
class OtlpExchange : public std::enable_shared_from_this<OtlpExchange> {
 public:
  // Called once, on any thread.
  using Done = std::function<void(HttpAnswer)>;

  OtlpExchange(const OtlpHttp& otlp, HttpHead head);
  OtlpExchange(const OtlpExchange&) = delete;
  OtlpExchange& operator=(const OtlpExchange&) = delete;
  ~OtlpExchange();

  // Judges the head. An answer refuses the request: its body need not be read.
  std::optional<HttpAnswer> Open();

  // Takes a piece of the body, after Open. An answer refuses the request.
  std::optional<HttpAnswer> Add(std::string_view piece);

  // Decodes what was added and has it stored; `done` is called after the commit, or at once where
  // nothing can be stored.
  void Serve(Done done);

  // The answer to a request that is not even HTTP as it should be, or does not come.
  HttpAnswer Refuse(int http_status, const absl::Status& status);

 private:
  HttpAnswer Conclude(const absl::Status& status, int http_status);
  HttpAnswer Conclude(const absl::Status& status);
  void ServeTraces(Done done);
  void ServeLogs(Done done);
  void ServeScores(Done done);
  void DropMetrics(const Done& done);
  // Gives the body back once it is decoded.
  template <typename Request>
  absl::Status Decode(Request& request) const;
  template <typename Response>
  HttpAnswer Answer(const absl::StatusOr<Response>& response);

  const OtlpHttp otlp_;
  const HttpHead head_;
  // In and out.
  const bool protobuf_;
  rpc::Endpoint::Call call_;
  std::unique_ptr<BodyReader> body_;
  bool concluded_ = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_EXCHANGE_H_
