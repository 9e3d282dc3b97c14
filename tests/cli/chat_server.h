// An endpoint of chat completions for tests: real sockets, and whatever answers a test wants.
#ifndef FLYWHEEL_TESTS_CLI_CHAT_SERVER_H_
#define FLYWHEEL_TESTS_CLI_CHAT_SERVER_H_

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::cli {

struct ChatReply {
  int status = 200;
  std::string body;
  // Such as "Retry-After: 1\r\n".
  std::string headers;
};

// The answer that says `text`, of so many tokens.
inline ChatReply ChatText(const std::string& text, int input_tokens = 100, int output_tokens = 10) {
  const nlohmann::json body = {
      {"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}}}},
      {"usage", {{"prompt_tokens", input_tokens}, {"completion_tokens", output_tokens}}}};
  return {200, body.dump(), ""};
}

// Listens on a free port of 127.0.0.1; a thread a connection. `answer` gets head and body of a
// request and may be called by several threads; a status of 0 cuts the connection.
class ChatServer {
 public:
  using Answer = std::function<ChatReply(const std::string& head, const nlohmann::json& body)>;

  explicit ChatServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url_ = fmt::format("http://127.0.0.1:{}/v1", ntohs(address.sin_port));
    accepting_ = std::thread([this] { Accept(); });
  }

  ~ChatServer() {
    shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    close(listener_);
    absl::MutexLock lock(&mutex_);
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    mutex_.Await(absl::Condition(this, &ChatServer::Idle));
  }

  const std::string& url() const { return url_; }

 private:
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return connections_.empty(); }

  void Accept() {
    while (true) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      absl::MutexLock lock(&mutex_);
      connections_.push_back(connection);
      std::thread([this, connection] { Serve(connection); }).detach();
    }
  }

  void Serve(int connection) {
    std::string bytes;
    while (Take(connection, bytes)) {
    }
    absl::MutexLock lock(&mutex_);
    std::erase(connections_, connection);
    close(connection);
  }

  // One request; false where there is none.
  bool Take(int connection, std::string& bytes) {
    size_t head = 0;
    while ((head = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!Read(connection, bytes)) return false;
    }
    const size_t length = bytes.find("Content-Length: ");
    const size_t size =
        length < head ? std::stoul(bytes.substr(length + std::string("Content-Length: ").size()))
                      : 0;
    while (bytes.size() < head + 4 + size) {
      if (!Read(connection, bytes)) return false;
    }
    const ChatReply reply =
        answer_(bytes.substr(0, head), nlohmann::json::parse(bytes.substr(head + 4, size)));
    bytes.erase(0, head + 4 + size);
    if (reply.status == 0) return false;
    const std::string text =
        fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", reply.status,
                    reply.body.size(), reply.headers, reply.body);
    return send(connection, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  static bool Read(int connection, std::string& bytes) {
    std::array<char, 16'384> some;
    const ssize_t count = recv(connection, some.data(), some.size(), 0);
    if (count > 0) bytes.append(some.data(), static_cast<size_t>(count));
    return count > 0;
  }

  const Answer answer_;
  int listener_ = -1;
  std::string url_;
  std::thread accepting_;
  absl::Mutex mutex_;
  std::vector<int> connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_CHAT_SERVER_H_
