// One HTTP request.
#ifndef FLYWHEEL_TESTS_INTEGRATION_HTTP_GET_H_
#define FLYWHEEL_TESTS_INTEGRATION_HTTP_GET_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace flywheel::integration {

// GET from 127.0.0.1. The body of an answer with status 200, else empty.
inline std::string HttpGet(int port, const std::string& path) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  std::string answer;
  // Of version 1.0: the answer comes in one piece, and its end is the end of the connection.
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      send(connection, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t size; (size = recv(connection, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(size));
    }
  }
  close(connection);
  const size_t body = answer.find("\r\n\r\n");
  const bool found = answer.substr(0, answer.find("\r\n")).find(" 200") != std::string::npos;
  return found && body != std::string::npos ? answer.substr(body + 4) : "";
}

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_HTTP_GET_H_
