#include "cli/gate_run/http_post.h"

#include <curl/curl.h>

#include <utility>

#include "absl/time/clock.h"
#include "cli/gate_run/stop_signal.h"

namespace flywheel::cli {
namespace {

constexpr size_t kMostOfAnAnswer = size_t{64} << 20;

size_t TakeBody(const char* bytes, size_t size, size_t count, void* user) {
  auto* const body = static_cast<std::string*>(user);
  // Fewer bytes than came end the transfer.
  if (body->size() + size * count > kMostOfAnAnswer) return 0;
  body->append(bytes, size * count);
  return size * count;
}

// Asked by libcurl at least once a second; other than 0 ends the transfer.
int WantsToStop(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return StopSignal::Stopped() ? 1 : 0;
}

}  // namespace

struct HttpPost::Handle {
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;
};

HttpPost::HttpPost(const std::string& url, const std::string& bearer, absl::Duration timeout)
    : handle_(std::make_unique<Handle>()) {
  // Thread-safe, and once, as the language has it.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return;
  handle_->curl = curl_easy_init();
  if (handle_->curl == nullptr) return;
  handle_->headers = curl_slist_append(nullptr, "Content-Type: application/json");
  // Without it libcurl waits for a "100 Continue" that many servers never send.
  handle_->headers = curl_slist_append(handle_->headers, "Expect:");
  if (!bearer.empty()) {
    handle_->headers =
        curl_slist_append(handle_->headers, ("Authorization: Bearer " + bearer).c_str());
  }
  CURL* const curl = handle_->curl;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(timeout)));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "flywheel");
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, WantsToStop);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
}

HttpPost::~HttpPost() {
  curl_slist_free_all(handle_->headers);
  if (handle_->curl != nullptr) curl_easy_cleanup(handle_->curl);
}

HttpAnswer HttpPost::Send(const std::string& json) const {
  HttpAnswer answer;
  CURL* const curl = handle_->curl;
  if (curl == nullptr) {
    answer.error = "libcurl cannot be initialised";
    return answer;
  }
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  const absl::Time begin = absl::Now();
  const CURLcode code = curl_easy_perform(curl);
  answer.took = absl::Now() - begin;
  if (code != CURLE_OK) {
    answer.error = curl_easy_strerror(code);
    return answer;
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  curl_off_t seconds = 0;
  if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0) {
    answer.retry_after = absl::Seconds(seconds);
  }
  return answer;
}

}  // namespace flywheel::cli
