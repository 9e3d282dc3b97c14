// zstd compression of payloads, with or without a dictionary.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_ZSTD_CODEC_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_ZSTD_CODEC_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace flywheel::ingest {

// What frames were compressed with: text that many payloads have in common. Immutable, so
// thread-safe.
class ZstdDictionary {
 public:
  // From the bytes of the store. INTERNAL where zstd does not take them.
  static absl::StatusOr<std::shared_ptr<const ZstdDictionary>> Make(int64_t dictionary_id,
                                                                    const std::string& bytes);
  ~ZstdDictionary();
  ZstdDictionary(const ZstdDictionary&) = delete;
  ZstdDictionary& operator=(const ZstdDictionary&) = delete;

  int64_t dictionary_id() const { return dictionary_id_; }

 private:
  friend absl::StatusOr<std::string> Compress(std::string_view, const ZstdDictionary*);
  friend absl::StatusOr<std::string> Decompress(std::string_view, const ZstdDictionary*, int64_t);
  explicit ZstdDictionary(int64_t dictionary_id) : dictionary_id_(dictionary_id) {}

  const int64_t dictionary_id_;
  ZSTD_CDict_s* compress_ = nullptr;
  ZSTD_DDict_s* decompress_ = nullptr;
};

// One frame with its content's size and checksum; without a dictionary where that is null.
// Thread-safe.
absl::StatusOr<std::string> Compress(std::string_view bytes, const ZstdDictionary* dictionary);

// The content of one frame of at most `max_bytes`. DATA_LOSS (STORE_CORRUPT) where the frame is not
// whole, was changed, or was made with another dictionary. Thread-safe.
absl::StatusOr<std::string> Decompress(std::string_view frame, const ZstdDictionary* dictionary,
                                       int64_t max_bytes);

// How large the content of a frame is, which its head says; -1 where it is no frame.
int64_t ContentBytes(std::string_view frame);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_ZSTD_CODEC_H_
