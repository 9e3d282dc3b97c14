// Raw HTTP/2 client: sends whatever frames a test wants.
#ifndef FLYWHEEL_TESTS_FAULT_HTTP2_PEER_H_
#define FLYWHEEL_TESTS_FAULT_HTTP2_PEER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace flywheel::fault {

// Of RFC 9113, section 6.
enum class FrameType : uint8_t { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4 };
inline constexpr uint8_t kEndStream = 1;
inline constexpr uint8_t kEndHeaders = 4;

inline std::string Frame(FrameType type, uint8_t flags, uint32_t stream, std::string_view payload) {
  const auto byte = [](size_t value) { return static_cast<char>(value & 0xFF); };
  std::string frame = {byte(payload.size() >> 16), byte(payload.size() >> 8), byte(payload.size()),
                       static_cast<char>(type),    static_cast<char>(flags),  byte(stream >> 24),
                       byte(stream >> 16),         byte(stream >> 8),         byte(stream)};
  return frame.append(payload);
}

// The header block of a call of gRPC, without compression (RFC 7541, section 6.2.2).
inline std::string CallHeaders(std::string_view path) {
  std::string block;
  const auto add = [&block](std::string_view name, std::string_view value) {
    block += '\0';
    for (const std::string_view text : {name, value}) {
      block += static_cast<char>(text.size());
      block += text;
    }
  };
  add(":method", "POST");
  add(":scheme", "http");
  add(":path", path);
  add(":authority", "test");
  add("te", "trailers");
  add("content-type", "application/grpc");
  return block;
}

// One connection to a port of 127.0.0.1, which has sent the preface and empty settings. It never
// acknowledges those of the server.
class Http2Peer {
 public:
  explicit Http2Peer(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                 Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(FrameType::kSettings, 0, 0, ""));
  }
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;
  ~Http2Peer() { close(socket_); }

  bool connected() const { return connected_; }

  // False where the server has closed the connection, or takes nothing for five seconds.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
      if (!Drain()) return false;
    }
    return true;
  }

 private:
  // Takes what the server has sent so far, and forgets it. False where it has closed.
  bool Drain() {
    std::array<char, 1 << 16> bytes;
    ssize_t received = 0;
    while ((received = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0) {
    }
    return received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  const int socket_;
  bool connected_ = false;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_HTTP2_PEER_H_
