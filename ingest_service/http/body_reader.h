// Reads and inflates the body of one HTTP request within its limits.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_BODY_READER_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_BODY_READER_H_

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/http/byte_budget.h"

namespace flywheel::ingest {

// Puts the pieces of a body together and inflates them where they are compressed. It never holds
// more than its limit, whatever a compressed body would become. For one thread at a time.
class BodyReader {
 public:
  // Of a request of `project`. INVALID_ARGUMENT for a Content-Encoding other than none, identity,
  // gzip, x-gzip and deflate. `budget` outlives the reader.
  static absl::StatusOr<std::unique_ptr<BodyReader>> Make(std::string_view content_encoding,
                                                          int64_t max_bytes, ByteBudget* budget,
                                                          const std::string& project);

  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;
  ~BodyReader();

  // TOO_LARGE above max_bytes, as they came or inflated; BACK_PRESSURE where all requests together,
  // or those of the project, hold too much; INVALID_ARGUMENT for bytes that are not what the
  // encoding says.
  absl::Status Add(std::string_view piece);

  // The whole body. INVALID_ARGUMENT where the compressed bytes end too early.
  absl::StatusOr<std::string_view> Finish() const;

  // Gives the memory back before the reader's own end.
  void Release();

  int64_t size_bytes() const { return static_cast<int64_t>(body_.size()); }

 private:
  BodyReader(int64_t max_bytes, ByteBudget* budget, const std::string& project)
      : max_bytes_(max_bytes), share_(budget, project) {}

  absl::Status Append(std::string_view bytes);
  absl::Status Inflate(std::string_view piece);

  const int64_t max_bytes_;
  ByteBudget::Share share_;
  std::string body_;
  int64_t received_bytes_ = 0;
  // Only of a compressed body.
  std::unique_ptr<z_stream> stream_;
  // Whether the compressed bytes end where one may end: before the first byte, or after a member.
  bool complete_ = true;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_BODY_READER_H_
