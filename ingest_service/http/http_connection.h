// One HTTP/1.1 connection: reads requests, writes responses, keeps the time limits.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_CONNECTION_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "ingest_service/http/body_pace.h"
#include "ingest_service/http/otlp_exchange.h"

namespace flywheel::ingest {

// What a connection is told by the server that it belongs to, and what it tells it. Outlives it.
struct ConnectionHost {
  OtlpHttp otlp;
  // A body that falls behind is answered with 408, and its connection ends.
  BodyPace body_pace;
  // How long a connection may wait for the head of its next request, asked each time.
  std::function<std::chrono::seconds()> idle_timeout;
  // Whether answers are to be the last of their connections.
  std::function<bool()> draining;
};

// Reads one request after the other and answers each before it reads the next. It holds no thread
// while it waits, and every wait but the one for a commit has an end. Thread-safe.
class HttpConnection {
 public:
  // `on_end` is called at the connection's end, on any thread. TLS where `tls` is not null, which
  // then outlives the connection.
  static std::shared_ptr<HttpConnection> Make(boost::asio::ip::tcp::socket socket,
                                              boost::asio::ssl::context* tls,
                                              const ConnectionHost* host,
                                              std::function<void()> on_end);

  virtual ~HttpConnection() = default;

  // Begins to read. Once.
  virtual void Run() = 0;

  // Ends the connection where it is between two requests.
  virtual void CloseIfIdle() = 0;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_CONNECTION_H_
