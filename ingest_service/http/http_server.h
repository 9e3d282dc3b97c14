// HTTP/1.1 listener for OTLP, with TLS and connection limits.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_SERVER_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/http/body_pace.h"
#include "ingest_service/http/otlp_exchange.h"

namespace flywheel::ingest {

struct HttpServerOptions {
  // Of one body, as it comes and inflated.
  int64_t max_body_bytes = 16 << 20;
  // Of the bodies of all requests that are being read; BACK_PRESSURE above that, and for a project
  // that holds more than it leaves free.
  int64_t max_bodies_bytes = 64 << 20;
  BodyPace body_pace;
  // HOST:PORT; port 0 picks a free one. HOST is an address, a name, or [ADDRESS] of IPv6.
  std::string listen;
  // PEM files; without a certificate plain HTTP, with a client CA mutual TLS.
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string tls_client_ca_file;
};

// A server of HTTP/1.1 for OTLP: a few threads, and at most 512 connections. More of them wait in
// the system's queue; connections that send nothing give way after a minute, and after five seconds
// where they began to wait while more than half were taken. Thread-safe.
class HttpServer {
 public:
  // Binds and serves. INVALID_CONFIGURATION for a port in use or certificates that cannot be read.
  // Both pointers outlive the server.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                           rpc::Endpoint* endpoint,
                                                           const OtlpReceiver* receiver);

  // Stops at once what Stop() has not stopped. Whoever calls back into an exchange has ended.
  ~HttpServer();

  // The port that was bound.
  int port() const;

  // At this moment: open, and held by bodies that are being read.
  int64_t connections() const;
  int64_t body_bytes() const;

  // Takes no new connections, ends those that wait for a request, and ends the others after their
  // next answer.
  void Drain();

  // Drains, and returns when all connections have ended or `grace` has passed: then those that are
  // left are cut. Answers that come later are dropped.
  void Stop(absl::Duration grace);

 private:
  class Listener;

  explicit HttpServer(std::unique_ptr<Listener> listener);

  const std::unique_ptr<Listener> listener_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_SERVER_H_
