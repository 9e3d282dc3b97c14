#include "ingest_service/http/body_reader.h"

#include <fmt/format.h>

#include <array>

#include "absl/strings/match.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// zlib tells gzip and zlib's own wrapping ("deflate" in HTTP) apart by their first bytes.
constexpr int kGzipOrZlib = 15 + 32;
constexpr size_t kMaxShownBytes = 40;

bool IsOneOf(std::string_view value, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (absl::EqualsIgnoreCase({value.data(), value.size()}, {name.data(), name.size()})) {
      return true;
    }
  }
  return false;
}

absl::Status Damaged() {
  return errors::InvalidArgument("body", "bytes that cannot be inflated",
                                 "what Content-Encoding says, whole");
}

}  // namespace

absl::StatusOr<std::unique_ptr<BodyReader>> BodyReader::Make(std::string_view content_encoding,
                                                             int64_t max_bytes, ByteBudget* budget,
                                                             const std::string& project) {
  // Plain bodies need no zlib.
  std::unique_ptr<BodyReader> reader(new BodyReader(max_bytes, budget, project));
  if (IsOneOf(content_encoding, {"", "identity"})) return reader;
  if (!IsOneOf(content_encoding, {"gzip", "x-gzip", "deflate"})) {
    return errors::InvalidArgument("Content-Encoding",
                                   fmt::format("'{}'", Shorten(content_encoding, kMaxShownBytes)),
                                   "gzip, deflate or none");
  }
  reader->stream_ = std::make_unique<z_stream>();
  if (inflateInit2(reader->stream_.get(), kGzipOrZlib) != Z_OK) {
    reader->stream_ = nullptr;
    return errors::Internal("zlib cannot begin");
  }
  return reader;
}

BodyReader::~BodyReader() {
  if (stream_ != nullptr) inflateEnd(stream_.get());
}

absl::Status BodyReader::Add(std::string_view piece) {
  // Both sizes have the same limit: what comes, and what it becomes.
  received_bytes_ += static_cast<int64_t>(piece.size());
  if (received_bytes_ > max_bytes_) {
    return errors::TooLarge("body", received_bytes_, max_bytes_, "bytes");
  }
  return stream_ == nullptr ? Append(piece) : Inflate(piece);
}

absl::Status BodyReader::Append(std::string_view bytes) {
  const auto size_bytes = static_cast<int64_t>(body_.size() + bytes.size());
  if (size_bytes > max_bytes_) {
    return errors::TooLarge("body", size_bytes, max_bytes_,
                            stream_ == nullptr ? "bytes" : "bytes after inflation");
  }
  // Paid for before it is held.
  RETURN_IF_ERROR(share_.Take(static_cast<int64_t>(bytes.size())));
  body_ += bytes;
  return absl::OkStatus();
}

absl::Status BodyReader::Inflate(std::string_view piece) {
  // In small pieces, so that a bomb is refused long before it is inflated.
  std::array<char, 16 << 10> inflated;
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  stream_->avail_in = static_cast<uInt>(piece.size());
  while (stream_->avail_in > 0) {
    // A further member of a gzip body begins.
    if (complete_ && inflateReset(stream_.get()) != Z_OK) return Damaged();
    complete_ = false;
    int result = Z_OK;
    do {
      stream_->next_out = reinterpret_cast<Bytef*>(inflated.data());
      stream_->avail_out = inflated.size();
      result = inflate(stream_.get(), Z_NO_FLUSH);
      // Z_BUF_ERROR: all that came is used, and more is to come.
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Damaged();
      RETURN_IF_ERROR(Append({inflated.data(), inflated.size() - stream_->avail_out}));
    } while (result == Z_OK && stream_->avail_out == 0);
    complete_ = result == Z_STREAM_END;
    if (!complete_) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> BodyReader::Finish() const {
  if (!complete_) return Damaged();
  return body_;
}

void BodyReader::Release() {
  std::string().swap(body_);
  share_.Release();
}

}  // namespace flywheel::ingest
