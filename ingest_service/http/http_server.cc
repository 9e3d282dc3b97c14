#include "ingest_service/http/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest_service/http/http_connection.h"
#include "ingest_service/http/tls_context.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/host_port.h"

namespace flywheel::ingest {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

// Below the 1,024 files that a process may have open by default.
constexpr size_t kMaxConnections = 512;
constexpr std::chrono::seconds kIdleTimeout(60);
constexpr std::chrono::seconds kIdleTimeoutWhenBusy(5);
// Without a file left for a further connection.
constexpr std::chrono::milliseconds kAcceptRetry(100);
constexpr unsigned kMinThreads = 2;
constexpr unsigned kMaxThreads = 8;

absl::Status CannotBind(const std::string& listen, const std::string& detail) {
  return errors::InvalidConfiguration(
      "--otlp-http-listen", fmt::format("'{}', which cannot be bound ({})", listen, detail),
      "an address of this machine and a free port, or an empty address for no OTLP over HTTP");
}

absl::StatusOr<tcp::endpoint> Resolve(asio::io_context& context, const std::string& listen) {
  const std::optional<HostPort> place = ParseHostPort(listen);
  if (!place) return CannotBind(listen, "no port");
  std::string host = place->host;
  // An IPv6 address stands in brackets, which the resolver does not take.
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  Error error;
  tcp::resolver resolver(context);
  const auto found =
      resolver.resolve(host, std::to_string(place->port), tcp::resolver::passive, error);
  if (error || found.empty()) return CannotBind(listen, error.message());
  return found.begin()->endpoint();
}

}  // namespace

// The socket that listens, its connections and the threads that serve them.
class HttpServer::Listener {
 public:
  Listener(const HttpServerOptions& options, rpc::Endpoint* endpoint, const OtlpReceiver* receiver,
           std::unique_ptr<asio::ssl::context> tls)
      : bodies_(options.max_bodies_bytes, options.max_body_bytes),
        host_{{endpoint, receiver, &bodies_, options.max_body_bytes},
              options.body_pace,
              [this] { return IdleTimeout(); },
              [this] { return draining_.load(); }},
        tls_(std::move(tls)),
        acceptor_(asio::make_strand(context_)),
        retry_(acceptor_.get_executor()) {}
  ~Listener() { Cut(); }

  absl::Status Bind(const std::string& listen) {
    ASSIGN_OR_RETURN(const tcp::endpoint endpoint, Resolve(context_, listen));
    Error error;
    // Each step only where the one before went well; the first error is told.
    acceptor_.open(endpoint.protocol(), error);
    // A port whose last connections are still being closed counts as free.
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) return CannotBind(listen, error.message());
    return absl::OkStatus();
  }

  void Serve() {
    asio::post(acceptor_.get_executor(), [this] { Accept(); });
    // Few threads: nothing here waits for a disk or a lock for long.
    const unsigned count =
        std::clamp(std::thread::hardware_concurrency(), kMinThreads, kMaxThreads);
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { context_.run(); });
  }

  void Drain() {
    // No further connections; those that are idle end, those at work end with their answer.
    if (draining_.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      Error ignored;
      acceptor_.close(ignored);
      retry_.cancel();
    });
    for (const auto& connection : OpenConnections()) connection->CloseIfIdle();
  }

  void AwaitEnd(absl::Duration grace) {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Listener::Empty), grace);
  }

  void Cut() {
    {
      absl::MutexLock lock(&mutex_);
      cut_ = true;
    }
    // Handlers that have not run never will; connections end with the context.
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  int port() const { return port_; }
  int64_t body_bytes() const { return bodies_.taken_bytes(); }
  size_t connections() const {
    absl::MutexLock lock(&mutex_);
    return connections_.size();
  }

 private:
  bool Empty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return connections_.empty(); }

  // To be let go without the lock, which the end of a connection takes.
  std::vector<std::shared_ptr<HttpConnection>> OpenConnections() const {
    std::vector<std::shared_ptr<HttpConnection>> open;
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, connection] : connections_) {
      if (auto alive = connection.lock()) open.push_back(std::move(alive));
    }
    return open;
  }

  std::chrono::seconds IdleTimeout() const {
    // Where places grow scarce, idle ones are given up sooner.
    return connections() > kMaxConnections / 2 ? kIdleTimeoutWhenBusy : kIdleTimeout;
  }

  void Accept() {
    if (draining_) return;
    if (connections() >= kMaxConnections) {
      full_ = true;
      return;
    }
    acceptor_.async_accept(asio::make_strand(context_), [this](Error error, tcp::socket socket) {
      if (error) return AcceptLater();
      Add(std::move(socket));
      Accept();
    });
  }

  void AcceptLater() {
    retry_.expires_after(kAcceptRetry);
    retry_.async_wait([this](Error error) {
      if (!error) Accept();
    });
  }

  void Add(tcp::socket socket) {
    const int64_t id = ++last_id_;
    const auto connection =
        HttpConnection::Make(std::move(socket), tls_.get(), &host_, [this, id] { Remove(id); });
    {
      absl::MutexLock lock(&mutex_);
      connections_[id] = connection;
    }
    connection->Run();
  }

  void Remove(int64_t id) {
    absl::MutexLock lock(&mutex_);
    connections_.erase(id);
    // What is left at the end is taken down with the context, and the acceptor before it.
    if (cut_) return;
    asio::post(acceptor_.get_executor(), [this] {
      if (std::exchange(full_, false)) Accept();
    });
  }

  ByteBudget bodies_;
  const ConnectionHost host_;
  const std::unique_ptr<asio::ssl::context> tls_;
  std::atomic<bool> draining_ = false;
  mutable absl::Mutex mutex_;
  std::map<int64_t, std::weak_ptr<HttpConnection>> connections_ ABSL_GUARDED_BY(mutex_);
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  int port_ = 0;
  // After all that the connections use, which end with it at the latest.
  asio::io_context context_;
  // The rest is the acceptor's strand's.
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  int64_t last_id_ = 0;
  // Whether nothing is accepted until a connection ends.
  bool full_ = false;
  std::vector<std::thread> threads_;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                              rpc::Endpoint* endpoint,
                                                              const OtlpReceiver* receiver) {
  ASSIGN_OR_RETURN(auto tls, MakeTlsContext(options));
  auto listener = std::make_unique<Listener>(options, endpoint, receiver, std::move(tls));
  RETURN_IF_ERROR(listener->Bind(options.listen));
  listener->Serve();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

HttpServer::HttpServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

HttpServer::~HttpServer() { Stop(absl::ZeroDuration()); }

int HttpServer::port() const { return listener_->port(); }

int64_t HttpServer::connections() const { return static_cast<int64_t>(listener_->connections()); }

int64_t HttpServer::body_bytes() const { return listener_->body_bytes(); }

// Gently, then for as long as the grace lasts, then at once.
void HttpServer::Drain() { listener_->Drain(); }

void HttpServer::Stop(absl::Duration grace) {
  listener_->Drain();
  listener_->AwaitEnd(grace);
  listener_->Cut();
}

}  // namespace flywheel::ingest
