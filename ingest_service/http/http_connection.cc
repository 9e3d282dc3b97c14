#include "ingest_service/http/http_connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = boost::system::error_code;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr uint32_t kMaxHeadBytes = 16 << 10;
// Of what was read and not yet looked at.
constexpr size_t kMaxBufferedBytes = 32 << 10;
constexpr size_t kPieceBytes = 16 << 10;
constexpr seconds kHandshakeTimeout(10);
constexpr seconds kWriteTimeout(30);
constexpr seconds kLingerTimeout(2);
constexpr std::chrono::milliseconds kCancelAgain(100);
constexpr int kBadRequest = 400;
constexpr int kRequestTimeout = 408;
constexpr int kHeadTooLarge = 431;

// What a head says goes into answers and log lines: what is not printable ASCII becomes '?'.
std::string Text(beast::string_view text) {
  std::string printable(text.data(), text.size());
  for (char& c : printable) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e) c = '?';
  }
  return printable;
}

bool IsHttpError(const Error& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category();
}

template <typename Parser>
HttpHead HeadOf(const Parser& parser) {
  const auto& request = parser.get();
  HttpHead head;
  head.method = Text(request.method_string());
  const beast::string_view target = request.target();
  head.path = Text(target.substr(0, target.find('?')));
  head.content_type = Text(request[http::field::content_type]);
  head.content_encoding = Text(request[http::field::content_encoding]);
  head.content_length = static_cast<int64_t>(parser.content_length().value_or(0));
  head.authorization = Text(request[http::field::authorization]);
  head.api_key = Text(request["x-api-key"]);
  head.flywheel_project = Text(request["x-flywheel-project"]);
  head.request_id = Text(request["x-request-id"]);
  for (const char* name : {"authorization", "x-api-key", "x-flywheel-project"}) {
    if (request.count(name) > 1) head.repeated = name;
  }
  return head;
}

// `Stream` is a TCP stream, or TLS over one.
template <typename Stream>
class StreamConnection final : public HttpConnection,
                               public std::enable_shared_from_this<StreamConnection<Stream>> {
 public:
  static constexpr bool kTls = !std::is_same_v<Stream, beast::tcp_stream>;

  template <typename... Arguments>
  StreamConnection(const ConnectionHost* host, std::function<void()> on_end,
                   Arguments&&... arguments)
      : host_(*host),
        on_end_(std::move(on_end)),
        stream_(std::forward<Arguments>(arguments)...),
        pace_timer_(stream_.get_executor()),
        buffer_(kMaxBufferedBytes) {}
  ~StreamConnection() override { on_end_(); }

  // The states, each of which starts the next: handshake, head, body, serve, write, and head again
  // or the end. All run on the connection's own strand, and each holds the connection alive.
  void Run() override {
    asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] {
      if constexpr (kTls) {
        self->Lowest().expires_after(kHandshakeTimeout);
        self->stream_.async_handshake(asio::ssl::stream_base::server, [self](Error error) {
          if (!error) self->ReadHead();
        });
      } else {
        self->ReadHead();
      }
    });
  }

  void CloseIfIdle() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      if (self->exchange_ == nullptr && self->buffer_.size() == 0) self->Lowest().close();
    });
  }

 private:
  beast::tcp_stream& Lowest() { return beast::get_lowest_layer(stream_); }

  void ReadHead() {
    // A connection between two requests is idle; at a drain it ends here.
    exchange_ = nullptr;
    if (host_.draining()) return Shutdown();
    parser_.emplace();
    parser_->header_limit(kMaxHeadBytes);
    // The exchange counts the body's bytes, and answers where there are too many.
    parser_->body_limit(std::numeric_limits<uint64_t>::max());
    Lowest().expires_after(host_.idle_timeout());
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](Error error, size_t) { self->OnHead(error); });
  }

  void OnHead(Error error) {
    // A client that left needs no answer; one that sent no HTTP gets one.
    if (error == http::error::end_of_stream) return Shutdown();
    if (error && !IsHttpError(error)) return;
    exchange_ = std::make_shared<OtlpExchange>(host_.otlp, error ? HttpHead{} : HeadOf(*parser_));
    if (error) return RefuseHttp(error);
    // Key, path and size are judged before the body is read, and before a client that asks is told
    // to send it.
    if (auto answer = exchange_->Open()) return Refuse(*std::move(answer));
    const auto expect = parser_->get()[http::field::expect];
    if (!beast::iequals(expect, "100-continue")) return BeginBody();
    Lowest().expires_after(kWriteTimeout);
    continue_.emplace(http::status::continue_, 11);
    http::async_write(stream_, *continue_, [self = this->shared_from_this()](Error failed, size_t) {
      if (!failed) self->BeginBody();
    });
  }

  void BeginBody() {
    piece_.resize(kPieceBytes);
    // What is too slow gets an answer: a timeout of the stream would close it without one.
    Lowest().expires_never();
    body_start_ = steady_clock::now();
    body_bytes_ = 0;
    too_slow_ = false;
    WatchPace();
    ReadBody();
  }

  // Looks again when the body, had it brought no more by then, would be too slow.
  void WatchPace() { WatchAt(*body_start_ + host_.body_pace.TimeAllowed(body_bytes_)); }

  void WatchAt(steady_clock::time_point time) {
    pace_timer_.expires_at(time);
    pace_timer_.async_wait([weak = this->weak_from_this()](Error error) {
      const auto self = weak.lock();
      // The body may have ended at this very moment.
      if (!error && self != nullptr && self->body_start_) self->CheckPace();
    });
  }

  void CheckPace() {
    // It brought enough meanwhile: look again later.
    const auto now = steady_clock::now();
    if (now < *body_start_ + host_.body_pace.TimeAllowed(body_bytes_)) return WatchPace();
    too_slow_ = true;
    Lowest().cancel();
    // A read that was between two of its steps goes on, and is met the next time.
    WatchAt(now + kCancelAgain);
  }

  void EndBody() {
    body_start_.reset();
    pace_timer_.cancel();
  }

  void ReadBody() {
    if (parser_->is_done()) return Serve();
    parser_->get().body().data = piece_.data();
    parser_->get().body().size = piece_.size();
    http::async_read(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](Error error, size_t) { self->OnPiece(error); });
  }

  void OnPiece(Error error) {
    const size_t size = piece_.size() - parser_->get().body().size;
    body_bytes_ += static_cast<int64_t>(size);
    if (too_slow_) return RefuseSlow();
    // The piece is full.
    if (error == http::error::need_buffer) error = {};
    if (error && IsHttpError(error) && error != http::error::partial_message) {
      return RefuseHttp(error);
    }
    // The client is gone.
    if (error) return;
    if (auto answer = exchange_->Add({piece_.data(), size})) return Refuse(*std::move(answer));
    ReadBody();
  }

  void Serve() {
    EndBody();
    std::vector<char>().swap(piece_);
    // The commit may take as long as the disk does; a client that leaves meanwhile is noticed when
    // it is answered.
    Lowest().expires_never();
    exchange_->Serve([self = this->shared_from_this()](HttpAnswer answer) {
      asio::post(self->stream_.get_executor(), [self, answer = std::move(answer)]() mutable {
        self->Write(std::move(answer), self->parser_->get().keep_alive() && !self->host_.draining(),
                    /*linger=*/false);
      });
    });
  }

  // What is left of the request is not read: its connection ends with the answer.
  void Refuse(HttpAnswer answer) {
    Write(std::move(answer), /*keep_alive=*/false, /*linger=*/true);
  }

  void RefuseHttp(const Error& error) {
    const bool too_large =
        error == http::error::header_limit || error == http::error::buffer_overflow;
    Refuse(exchange_->Refuse(too_large ? kHeadTooLarge : kBadRequest,
                             errors::InvalidArgument("request", error.message(), "HTTP/1.1")));
  }

  void RefuseSlow() {
    const std::chrono::duration<double> passed = steady_clock::now() - *body_start_;
    const std::chrono::duration<double> base = host_.body_pace.base;
    Refuse(exchange_->Refuse(
        kRequestTimeout,
        errors::InvalidArgument(
            "body", fmt::format("{} bytes in {:.1f} s", body_bytes_, passed.count()),
            fmt::format("one that is whole within {:.1f} s and a second for each {} bytes",
                        base.count(), host_.body_pace.bytes_per_second))));
  }

  void Write(HttpAnswer answer, bool keep_alive, bool linger) {
    EndBody();
    response_.emplace(static_cast<http::status>(answer.status), 11);
    if (!answer.content_type.empty()) {
      response_->set(http::field::content_type, answer.content_type);
    }
    for (const auto& [name, value] : answer.headers) response_->set(name, value);
    response_->keep_alive(keep_alive);
    response_->content_length(answer.body.size());
    if (parser_->get().method() != http::verb::head) response_->body() = std::move(answer.body);
    Lowest().expires_after(kWriteTimeout);
    http::async_write(stream_, *response_,
                      [self = this->shared_from_this(), keep_alive, linger](Error error, size_t) {
                        self->response_.reset();
                        if (error) return;
                        if (keep_alive) return self->ReadHead();
                        if (linger) return self->BeginLinger();
                        self->Shutdown();
                      });
  }

  // A connection that is closed while the client still sends is reset, and the client would never
  // see the answer: what it sends is read and dropped for a moment.
  void BeginLinger() {
    if constexpr (!kTls) {
      Error ignored;
      Lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
    piece_.resize(kPieceBytes);
    Lowest().expires_after(kLingerTimeout);
    Linger();
  }

  void Linger() {
    stream_.async_read_some(asio::buffer(piece_),
                            [self = this->shared_from_this()](Error error, size_t) {
                              if (!error) self->Linger();
                            });
  }

  void Shutdown() {
    if constexpr (kTls) {
      Lowest().expires_after(kLingerTimeout);
      stream_.async_shutdown([self = this->shared_from_this()](Error) {});
    } else {
      Error ignored;
      Lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    }
  }

  const ConnectionHost& host_;
  const std::function<void()> on_end_;
  Stream stream_;
  // Of the body that is being read, if one is.
  std::optional<steady_clock::time_point> body_start_;
  int64_t body_bytes_ = 0;
  bool too_slow_ = false;
  asio::steady_timer pace_timer_;
  beast::flat_buffer buffer_;
  // Of one request each; a parser cannot be used twice.
  std::optional<http::request_parser<http::buffer_body>> parser_;
  std::shared_ptr<OtlpExchange> exchange_;
  std::vector<char> piece_;
  std::optional<http::response<http::empty_body>> continue_;
  std::optional<http::response<http::string_body>> response_;
};

}  // namespace

std::shared_ptr<HttpConnection> HttpConnection::Make(asio::ip::tcp::socket socket,
                                                     asio::ssl::context* tls,
                                                     const ConnectionHost* host,
                                                     std::function<void()> on_end) {
  using Plain = beast::tcp_stream;
  using Tls = beast::ssl_stream<beast::tcp_stream>;
  if (tls == nullptr) {
    return std::make_shared<StreamConnection<Plain>>(host, std::move(on_end), std::move(socket));
  }
  return std::make_shared<StreamConnection<Tls>>(host, std::move(on_end), std::move(socket), *tls);
}

}  // namespace flywheel::ingest
