#include "ingest_service/payloads/zstd_codec.h"

#include <fmt/format.h>
#include <zstd.h>

#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

// The worker has time: this packs chats a tenth smaller than zstd's default of 3.
constexpr int kLevel = 9;

// Contexts hold some hundred KiB of tables, too much to make anew for each record.
ZSTD_CCtx* CompressContext() {
  thread_local const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                                &ZSTD_freeCCtx);
  return context.get();
}

ZSTD_DCtx* DecompressContext() {
  thread_local const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                                &ZSTD_freeDCtx);
  return context.get();
}

absl::Status Damaged(std::string_view detail) {
  return errors::StoreCorrupt("a compressed payload", detail);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ZstdDictionary>> ZstdDictionary::Make(
    int64_t dictionary_id, const std::string& bytes) {
  std::shared_ptr<ZstdDictionary> dictionary(new ZstdDictionary(dictionary_id));
  // Digested once, for both directions; threads share them.
  dictionary->compress_ = ZSTD_createCDict(bytes.data(), bytes.size(), kLevel);
  dictionary->decompress_ = ZSTD_createDDict(bytes.data(), bytes.size());
  if (dictionary->compress_ == nullptr || dictionary->decompress_ == nullptr) {
    return errors::Internal(fmt::format("zstd does not take dictionary {}", dictionary_id));
  }
  return dictionary;
}

ZstdDictionary::~ZstdDictionary() {
  ZSTD_freeCDict(compress_);
  ZSTD_freeDDict(decompress_);
}

absl::StatusOr<std::string> Compress(std::string_view bytes, const ZstdDictionary* dictionary) {
  ZSTD_CCtx* const context = CompressContext();
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  // Damage is found by the frame itself.
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  // The row names the dictionary.
  ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
  ZSTD_CCtx_refCDict(context, dictionary == nullptr ? nullptr : dictionary->compress_);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size =
      ZSTD_compress2(context, frame.data(), frame.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size)) {
    return errors::Internal(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  }
  frame.resize(size);
  frame.shrink_to_fit();
  return frame;
}

absl::StatusOr<std::string> Decompress(std::string_view frame, const ZstdDictionary* dictionary,
                                       int64_t max_bytes) {
  // The size is checked before memory is taken for it.
  const int64_t content_bytes = ContentBytes(frame);
  if (content_bytes < 0 || content_bytes > max_bytes) {
    return Damaged("its head does not say a size that can be");
  }
  ZSTD_DCtx* const context = DecompressContext();
  ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_DCtx_refDDict(context, dictionary == nullptr ? nullptr : dictionary->decompress_);
  std::string bytes(static_cast<size_t>(content_bytes), '\0');
  const size_t size =
      ZSTD_decompressDCtx(context, bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(size)) return Damaged(ZSTD_getErrorName(size));
  if (static_cast<int64_t>(size) != content_bytes) return Damaged("it ends early");
  return bytes;
}

int64_t ContentBytes(std::string_view frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) return -1;
  return static_cast<int64_t>(size);
}

}  // namespace flywheel::ingest
