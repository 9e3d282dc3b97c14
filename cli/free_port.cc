#include "cli/free_port.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <random>

#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

// Below the ports that Linux gives to outgoing connections (32768 and up): one of those could take
// the port of a service that is just being restarted, even a client that connects to that very
// port.
constexpr int kLowestPort = 15'000;
constexpr int kHighestPort = 32'000;
constexpr int kTriesPerPort = 100;
constexpr int kLowestBase = 17'400;
constexpr int kBaseStep = 100;

// A socket that is bound to a port of loopback for as long as this object lives.
class BoundSocket {
 public:
  explicit BoundSocket(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // As gRPC does: a port whose last connections are still being closed counts as free.
    const int yes = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, generic, size) == 0 && getsockname(socket_, generic, &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
  }
  BoundSocket(BoundSocket&& other) noexcept : socket_(other.socket_), port_(other.port_) {
    other.socket_ = -1;
  }
  BoundSocket& operator=(BoundSocket&&) = delete;
  ~BoundSocket() {
    if (socket_ >= 0) close(socket_);
  }

  // 0 where nothing could be bound.
  int port() const { return port_; }

 private:
  int socket_;
  int port_ = 0;
};

}  // namespace

bool IsPortFree(int port) { return BoundSocket(port).port() == port; }

int FindFreeBase(int count) {
  for (int base = kLowestBase; base + count < kHighestPort; base += kBaseStep) {
    int free = 0;
    while (free < count && IsPortFree(base + free)) ++free;
    if (free == count) return base;
  }
  return 0;
}

absl::StatusOr<std::vector<int>> FindFreePorts(int count) {
  // All are held until the last is found, so that nobody else takes one meanwhile.
  std::vector<BoundSocket> sockets;
  std::vector<int> ports;
  std::random_device chance;
  for (int tries = 0; tries < kTriesPerPort * count; ++tries) {
    sockets.emplace_back(std::uniform_int_distribution<int>(kLowestPort, kHighestPort)(chance));
    const int port = sockets.back().port();
    // With SO_REUSEADDR our own second socket could be bound to it as well.
    if (port == 0 || std::find(ports.begin(), ports.end(), port) != ports.end()) continue;
    ports.push_back(port);
    if (ports.size() == static_cast<size_t>(count)) return ports;
  }
  return errors::Internal(fmt::format("no {} free ports on 127.0.0.1 between {} and {}", count,
                                      kLowestPort, kHighestPort));
}

}  // namespace flywheel::cli
