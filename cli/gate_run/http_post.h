// One POST of JSON, by libcurl.
#ifndef FLYWHEEL_CLI_GATE_RUN_HTTP_POST_H_
#define FLYWHEEL_CLI_GATE_RUN_HTTP_POST_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel::cli {

struct HttpAnswer {
  // 0 where no answer came; then `error` says why.
  int status = 0;
  std::string body;
  std::string error;
  // What the header Retry-After asks for.
  std::optional<absl::Duration> retry_after;
  // From the request to the last byte.
  absl::Duration took;
};

// A connection that is kept open from request to request. Redirections are not followed: they would
// carry the key elsewhere. For one thread.
class HttpPost {
 public:
  // `bearer`: the key of the header Authorization; empty: none.
  HttpPost(const std::string& url, const std::string& bearer, absl::Duration timeout);
  ~HttpPost();
  HttpPost(const HttpPost&) = delete;
  HttpPost& operator=(const HttpPost&) = delete;

  // Ends early where the user wants to stop.
  HttpAnswer Send(const std::string& json) const;

 private:
  struct Handle;

  std::unique_ptr<Handle> handle_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_HTTP_POST_H_
