// HTTP request heads and responses, as far as OTLP needs them.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_MESSAGE_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_MESSAGE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace flywheel::ingest {

// The line and the headers of a request. A header that was not sent is empty.
struct HttpHead {
  // Such as "POST".
  std::string method;
  // Without a query.
  std::string path;
  std::string content_type;
  std::string content_encoding;
  // 0 where the client does not say it.
  int64_t content_length = 0;
  std::string authorization;
  // x-api-key.
  std::string api_key;
  std::string flywheel_project;
  std::string request_id;
  // The name of a header that names the caller and came more than once.
  std::string repeated;
};

struct HttpAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
  // Besides Content-Type and those that carry the connection.
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_HTTP_MESSAGE_H_
