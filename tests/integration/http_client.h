// Raw HTTP/1.1 client: sends whatever bytes a test wants.
#ifndef FLYWHEEL_TESTS_INTEGRATION_HTTP_CLIENT_H_
#define FLYWHEEL_TESTS_INTEGRATION_HTTP_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace flywheel::integration {

struct HttpReply {
  int status = 0;
  // By name in lower case.
  std::map<std::string, std::string> headers;
  std::string body;
};

// Takes one answer with a Content-Length, or none, from the front of `bytes`; nothing where it is
// not whole yet.
inline std::optional<HttpReply> TakeReply(std::string& bytes) {
  const size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  HttpReply reply;
  reply.status = std::atoi(bytes.c_str() + bytes.find(' '));
  for (size_t begin = bytes.find("\r\n") + 2; begin < head_end;) {
    const size_t end = bytes.find("\r\n", begin);
    const size_t colon = bytes.find(':', begin);
    std::string name = bytes.substr(begin, colon - begin);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    reply.headers[name] = bytes.substr(colon + 2, end - colon - 2);
    begin = end + 2;
  }
  const auto length = reply.headers.find("content-length");
  const size_t size = length == reply.headers.end() ? 0 : std::stoul(length->second);
  if (bytes.size() < head_end + 4 + size) return std::nullopt;
  reply.body = bytes.substr(head_end + 4, size);
  bytes.erase(0, head_end + 4 + size);
  return reply;
}

// One connection to a port of 127.0.0.1.
class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient() { close(socket_); }

  bool connected() const { return connected_; }
  // Of the socket, for poll(2).
  int descriptor() const { return socket_; }

  // False where the server took no more, which it may.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // The next answer; status 0 where none came, at most 20 s.
  HttpReply Read() {
    while (true) {
      if (auto reply = TakeReply(bytes_)) return *std::move(reply);
      char buffer[4096];
      const ssize_t size = recv(socket_, buffer, sizeof(buffer), 0);
      if (size <= 0) return {};
      bytes_.append(buffer, static_cast<size_t>(size));
    }
  }

  // All that comes until the server ends the connection, at most 20 s after its last word.
  std::string ReadToEnd() {
    std::string bytes = std::move(bytes_);
    char buffer[4096];
    for (ssize_t size; (size = recv(socket_, buffer, sizeof(buffer), 0)) > 0;) {
      bytes.append(buffer, static_cast<size_t>(size));
    }
    return bytes;
  }

  // Whether the server ended the connection, and said nothing more before, at most 20 s.
  bool ReadsEnd() {
    char byte = 0;
    return bytes_.empty() && recv(socket_, &byte, 1, 0) == 0;
  }

 private:
  const int socket_;
  bool connected_ = false;
  std::string bytes_;
};

// A request with a body. `headers` are lines that end in "\r\n".
inline std::string HttpPost(const std::string& path, const std::string& content_type,
                            const std::string& body, const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

// The body of an answer with status 200 to a GET, else empty.
inline std::string HttpGet(int port, const std::string& path) {
  HttpClient client(port);
  // Of version 1.0: the answer comes in one piece, and its end is the end of the connection.
  client.Send("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  const size_t body = answer.find("\r\n\r\n");
  const bool found = answer.substr(0, answer.find("\r\n")).find(" 200") != std::string::npos;
  return found && body != std::string::npos ? answer.substr(body + 4) : "";
}

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_HTTP_CLIENT_H_
