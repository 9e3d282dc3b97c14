// Fake S3 server: enough of it to hold an archive. It takes nothing whose signature is
// wrong.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_PAYLOADS_S3_SERVER_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_PAYLOADS_S3_SERVER_H_

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "shared/hashing/hmac.h"
#include "shared/hashing/sha256.h"

namespace flywheel::testing {

// Listens on a free port of loopback; one connection at a time, one request a connection.
class S3Server {
 public:
  S3Server(std::string id, std::string secret) : id_(std::move(id)), secret_(std::move(secret)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    (void)bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 16);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~S3Server() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string endpoint() const { return fmt::format("http://127.0.0.1:{}", port_); }

  // The next requests are answered with these statuses, and do nothing; 0: no answer at all.
  void FailNext(std::vector<int> statuses) {
    absl::MutexLock lock(&mutex_);
    failures_ = std::move(statuses);
  }
  // Runs before the next PUT is answered, while whoever sent it waits.
  void BeforeNextPut(std::function<void()> act) {
    absl::MutexLock lock(&mutex_);
    before_put_ = std::move(act);
  }
  std::map<std::string, std::string> objects() const {
    absl::MutexLock lock(&mutex_);
    return objects_;
  }
  void SetObject(const std::string& path, const std::string& bytes) {
    absl::MutexLock lock(&mutex_);
    objects_[path] = bytes;
  }
  int requests() const {
    absl::MutexLock lock(&mutex_);
    return requests_;
  }
  // Returns once so many have come.
  void AwaitRequests(int count) const {
    const auto come = [&] {
      mutex_.AssertReaderHeld();
      return requests_ >= count;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&come));
  }
  // Of the last request that was refused for its signature.
  std::string complaint() const {
    absl::MutexLock lock(&mutex_);
    return complaint_;
  }

 private:
  struct Request {
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers;  // Names in lower case.
    std::string body;
  };

  static std::string Between(const std::string& text, const std::string& from, char to) {
    const size_t begin = text.find(from);
    if (begin == std::string::npos) return "";
    const size_t start = begin + from.size();
    return text.substr(start, text.find(to, start) - start);
  }

  // AWS Signature Version 4, computed anew from what arrived.
  std::string Complaint(const Request& request) const {
    const auto header = [&](const std::string& name) {
      const auto found = request.headers.find(name);
      return found == request.headers.end() ? std::string() : found->second;
    };
    const std::string authorization = header("authorization");
    if (authorization.rfind("AWS4-HMAC-SHA256 Credential=" + id_ + "/", 0) != 0) {
      return "the algorithm or the key's id: " + authorization;
    }
    const std::string scope = Between(authorization, "Credential=" + id_ + "/", ',');
    const std::string signed_headers = Between(authorization, "SignedHeaders=", ',');
    const std::string signature = Between(authorization + ",", "Signature=", ',');
    const std::string hash = header("x-amz-content-sha256");
    if (hash != Sha256Hex(request.body)) return "the hash of the body: " + hash;
    std::string canonical = request.method + "\n" + request.path + "\n\n";
    std::istringstream names(signed_headers);
    bool host = false;
    bool body = false;
    for (std::string name; std::getline(names, name, ';');) {
      canonical += name + ":" + header(name) + "\n";
      host |= name == "host";
      body |= name == "x-amz-content-sha256";
    }
    if (!host || !body) return "headers that are not signed: " + signed_headers;
    canonical += "\n" + signed_headers + "\n" + hash;
    const std::string to_sign =
        "AWS4-HMAC-SHA256\n" + header("x-amz-date") + "\n" + scope + "\n" + Sha256Hex(canonical);
    std::string key = "AWS4" + secret_;
    std::istringstream parts(scope);
    for (std::string part; std::getline(parts, part, '/');) key = HmacSha256(key).Mac(part);
    return ToHex(HmacSha256(key).Mac(to_sign)) == signature ? "" : "the signature of\n" + canonical;
  }

  static bool Receive(int connection, Request& request) {
    std::string bytes;
    char buffer[1 << 16];
    size_t end = std::string::npos;
    size_t length = 0;
    while (end == std::string::npos || bytes.size() < end + 4 + length) {
      const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
      if (got <= 0) return false;
      bytes.append(buffer, static_cast<size_t>(got));
      if (end != std::string::npos) continue;
      end = bytes.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      std::istringstream head(bytes.substr(0, end));
      head >> request.method >> request.path;
      std::string line;
      std::getline(head, line);
      while (std::getline(head, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::string name = line.substr(0, line.find(':'));
        std::transform(name.begin(), name.end(), name.begin(), ::tolower);
        std::string value = line.substr(name.size() + 1);
        value.erase(0, value.find_first_not_of(' '));
        request.headers[name] = value;
      }
      if (request.headers.contains("content-length")) {
        length = std::stoul(request.headers["content-length"]);
      }
    }
    request.body = bytes.substr(end + 4);
    return true;
  }

  static void Answer(int connection, int status, const std::string& body) {
    std::string bytes = fmt::format(
        "HTTP/1.1 {} Said\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", status, body.size());
    bytes += body;
    for (std::string_view rest = bytes; !rest.empty();) {
      const ssize_t sent = send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      rest.remove_prefix(static_cast<size_t>(sent));
    }
  }

  void Serve(int connection, const Request& request) {
    absl::MutexLock lock(&mutex_);
    if (!failures_.empty()) {
      const int status = failures_.front();
      failures_.erase(failures_.begin());
      if (status != 0) Answer(connection, status, "<Error>not now</Error>");
      return;
    }
    if (const std::string complaint = Complaint(request); !complaint.empty()) {
      complaint_ = complaint;
      return Answer(connection, 403, "<Code>SignatureDoesNotMatch</Code>");
    }
    if (request.method == "PUT") {
      objects_[request.path] = request.body;
      return Answer(connection, 200, "");
    }
    if (request.method == "DELETE") {
      objects_.erase(request.path);
      return Answer(connection, 204, "");
    }
    const auto found = objects_.find(request.path);
    if (found == objects_.end()) return Answer(connection, 404, "<Code>NoSuchKey</Code>");
    const auto range = request.headers.find("range");
    if (range == request.headers.end()) return Answer(connection, 200, found->second);
    size_t first = 0;
    size_t last = 0;
    if (sscanf(range->second.c_str(), "bytes=%zu-%zu", &first, &last) != 2 ||
        first >= found->second.size()) {
      return Answer(connection, 416, "<Code>InvalidRange</Code>");
    }
    Answer(connection, 206, found->second.substr(first, last - first + 1));
  }

  std::function<void()> TakeBeforePut() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(before_put_, [] {});
  }

  void Run() {
    while (!stopping_) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      Request request;
      if (Receive(connection, request)) {
        {
          absl::MutexLock lock(&mutex_);
          ++requests_;
        }
        if (request.method == "PUT") TakeBeforePut()();
        Serve(connection, request);
      }
      close(connection);
    }
  }

  const std::string id_;
  const std::string secret_;
  int listener_;
  int port_;
  std::atomic<bool> stopping_ = false;
  mutable absl::Mutex mutex_;
  int requests_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::string> objects_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> failures_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> before_put_ ABSL_GUARDED_BY(mutex_) = [] {};
  std::string complaint_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace flywheel::testing

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_PAYLOADS_S3_SERVER_H_
