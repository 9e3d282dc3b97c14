#include "ingest_service/payloads/s3_bucket.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

#include "shared/hashing/sha256.h"
#include "shared/rpc/secret_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int kAttempts = 3;
constexpr long kConnectSeconds = 5;
constexpr long kSeconds = 20;
constexpr long kPutSeconds = 60;
// An answer that is no file is an error, of which the first words are enough.
constexpr size_t kMaxErrorBytes = 4 << 10;
constexpr long kOk = 200;
constexpr long kNoContent = 204;
constexpr long kPartialContent = 206;
constexpr long kNotFound = 404;
constexpr long kRangeNotSatisfiable = 416;
constexpr long kTooManyRequests = 429;
constexpr long kServerError = 500;

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~' || c == '/';
}

// As the signature wants a path: every other byte as %XX.
std::string EncodePath(const std::string& name) {
  std::string path;
  for (const char c : name) {
    path +=
        IsUnreserved(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

// The value of `key = value` in a file; empty where there is none.
std::string ReadSetting(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  std::string line;
  const auto trimmed = [](std::string text) {
    text.erase(0, text.find_first_not_of(" \t\r"));
    text.erase(text.find_last_not_of(" \t\r") + 1);
    return text;
  };
  while (std::getline(file, line)) {
    const size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    if (trimmed(line.substr(0, equals)) == key) return trimmed(line.substr(equals + 1));
  }
  return "";
}

struct Sink {
  std::string* body;
  size_t limit;
};

size_t Receive(const char* bytes, size_t size, size_t count, void* user) {
  auto* const sink = static_cast<Sink*>(user);
  // Fewer bytes than came end the transfer: nothing that is asked for is longer.
  if (sink->body->size() + size * count > sink->limit) return 0;
  sink->body->append(bytes, size * count);
  return size * count;
}

struct Source {
  std::string_view rest;
};

size_t Provide(char* buffer, size_t size, size_t count, void* user) {
  auto* const source = static_cast<Source*>(user);
  const size_t part = std::min(size * count, source->rest.size());
  std::memcpy(buffer, source->rest.data(), part);
  source->rest.remove_prefix(part);
  return part;
}

// Asked by libcurl at least once a second; other than 0 ends the transfer.
int IsStopped(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const absl::Notification*>(user)->HasBeenNotified() ? 1 : 0;
}

bool WorthAnotherTry(long status) {
  return status == 0 || status == kTooManyRequests || status >= kServerError;
}

}  // namespace

struct S3Bucket::Request {
  const char* method;
  std::string name;
  std::string_view body = {};
  // "0-99"; empty: no range.
  std::string range = {};
  size_t max_answer_bytes = 0;
};

absl::StatusOr<std::unique_ptr<ObjectStore>> S3Bucket::Open(const S3Options& options) {
  const bool url =
      options.endpoint.rfind("http://", 0) == 0 || options.endpoint.rfind("https://", 0) == 0;
  if (!url) {
    return errors::InvalidConfiguration("--archive-s3-endpoint",
                                        fmt::format("'{}'", options.endpoint),
                                        "a URL such as https://s3.eu-central-1.amazonaws.com");
  }
  if (options.bucket.empty() ||
      !std::all_of(options.bucket.begin(), options.bucket.end(),
                   [](char c) { return IsUnreserved(c) && c != '/' && c != '~'; })) {
    return errors::InvalidConfiguration("--archive-s3-bucket", fmt::format("'{}'", options.bucket),
                                        "the name of a bucket, with --archive-s3-endpoint");
  }
  RETURN_IF_ERROR(rpc::CheckSecretFile("--archive-s3-credentials-file", options.credentials_file));
  const std::string id = ReadSetting(options.credentials_file, "aws_access_key_id");
  const std::string secret = ReadSetting(options.credentials_file, "aws_secret_access_key");
  // Credentials come from a file alone: flags and environment show them to others.
  if (id.empty() || secret.empty()) {
    return errors::InvalidConfiguration(
        "--archive-s3-credentials-file", fmt::format("'{}'", options.credentials_file),
        "a file with aws_access_key_id = ... and aws_secret_access_key = ...");
  }
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return errors::Internal("libcurl cannot be initialised");
  // Paths are put together with one slash.
  S3Options trimmed = options;
  while (trimmed.endpoint.back() == '/') trimmed.endpoint.pop_back();
  return std::unique_ptr<ObjectStore>(new S3Bucket(std::move(trimmed), id + ":" + secret));
}

S3Bucket::~S3Bucket() {
  absl::MutexLock lock(&mutex_);
  for (void* const handle : idle_) curl_easy_cleanup(handle);
}

void S3Bucket::Stop() {
  absl::MutexLock lock(&mutex_);
  if (!stopped_.HasBeenNotified()) stopped_.Notify();
}

void* S3Bucket::TakeHandle() {
  absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return curl_easy_init();
  void* const handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void S3Bucket::ReturnHandle(void* handle) {
  // Keeps the connection, forgets the request.
  curl_easy_reset(handle);
  absl::MutexLock lock(&mutex_);
  idle_.push_back(handle);
}

S3Bucket::Answer S3Bucket::SendOnce(const Request& request) {
  Answer answer;
  CURL* const curl = TakeHandle();
  if (curl == nullptr) return {0, "", "no memory for a request"};
  const std::string url =
      fmt::format("{}/{}/{}", options_.endpoint, options_.bucket, EncodePath(request.name));
  // AWS's signature, which libcurl makes, covers the hash of the body.
  const std::string signature = fmt::format("aws:amz:{}:s3", options_.region);
  const std::string hash = "x-amz-content-sha256: " + Sha256Hex(request.body);
  curl_slist* headers = curl_slist_append(nullptr, hash.c_str());
  // No question beforehand whether the body may come.
  headers = curl_slist_append(headers, "Expect:");
  Sink sink = {&answer.body, std::max(request.max_answer_bytes, kMaxErrorBytes)};
  Source source = {request.body};
  // No other schemes, no signals in a program of threads, and the path as it was encoded.
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, request.body.empty() ? kSeconds : kPutSeconds);
  curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, signature.c_str());
  curl_easy_setopt(curl, CURLOPT_USERPWD, credentials_.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
  // Only a PUT has a body.
  if (!request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, Provide);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
  }
  if (!request.range.empty()) curl_easy_setopt(curl, CURLOPT_RANGE, request.range.c_str());
  // Stop() ends a transfer that hangs.
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, IsStopped);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stopped_);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  } else {
    answer.error = curl_easy_strerror(code);
  }
  curl_slist_free_all(headers);
  ReturnHandle(curl);
  return answer;
}

S3Bucket::Answer S3Bucket::Send(const Request& request) {
  absl::Duration wait = options_.first_wait;
  for (int attempt = 1;; ++attempt) {
    Answer answer = SendOnce(request);
    // Twice the wait each time; Stop() ends that too.
    if (attempt == kAttempts || !WorthAnotherTry(answer.status)) return answer;
    if (stopped_.WaitForNotificationWithTimeout(wait)) return answer;
    wait *= 2;
  }
}

namespace {

absl::Status Refused(const char* method, const std::string& name, long status,
                     const std::string& detail) {
  return errors::StorageUnavailable(
      status == 0 ? fmt::format("{} {} of the archive's bucket: {}", method, name, detail)
                  : fmt::format("{} {} of the archive's bucket: HTTP {}: {}", method, name, status,
                                detail.substr(0, 200)));
}

}  // namespace

absl::Status S3Bucket::Put(const std::string& name, std::string_view bytes) {
  const Answer answer = Send({"PUT", name, bytes});
  if (answer.status == kOk) return absl::OkStatus();
  return Refused("PUT", name, answer.status, answer.status == 0 ? answer.error : answer.body);
}

absl::StatusOr<std::string> S3Bucket::Get(const std::string& name, int64_t offset,
                                          int64_t size_bytes) {
  Request request = {"GET", name};
  request.range = fmt::format("{}-{}", offset, offset + size_bytes - 1);
  request.max_answer_bytes = static_cast<size_t>(size_bytes);
  Answer answer = Send(request);
  if (answer.status == kNotFound) {
    return errors::NotFound("archive file", name, "Restore it in the bucket.");
  }
  // A file that is too short was damaged, which asking again does not mend.
  const bool short_file =
      answer.status == kRangeNotSatisfiable ||
      (answer.status == kPartialContent && static_cast<int64_t>(answer.body.size()) < size_bytes);
  if (short_file) return errors::StoreCorrupt(name, "the archive file is too short");
  const bool whole = static_cast<int64_t>(answer.body.size()) == size_bytes;
  // Some stores answer a range of everything as what it is.
  if (whole && (answer.status == kPartialContent || (answer.status == kOk && offset == 0))) {
    return std::move(answer.body);
  }
  return Refused("GET", name, answer.status, answer.status == 0 ? answer.error : answer.body);
}

absl::Status S3Bucket::Remove(const std::string& name) {
  const Answer answer = Send({"DELETE", name});
  const bool gone =
      answer.status == kOk || answer.status == kNoContent || answer.status == kNotFound;
  if (gone) return absl::OkStatus();
  return Refused("DELETE", name, answer.status, answer.status == 0 ? answer.error : answer.body);
}

}  // namespace flywheel::ingest
