#include "ingest_service/domain/payload_form.h"

#include <fmt/format.h>
#include <zstd.h>

#include <charconv>
#include <system_error>

namespace flywheel::ingest {

std::string PackArchivedPlace(const ArchivedPlace& place) {
  return fmt::format("{} {}", place.index, place.size_bytes);
}

std::optional<ArchivedPlace> UnpackArchivedPlace(std::string_view bytes) {
  // "INDEX SIZE" and nothing behind it.
  ArchivedPlace place;
  const char* const end = bytes.data() + bytes.size();
  const auto index = std::from_chars(bytes.data(), end, place.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != ' ') return std::nullopt;
  const auto size = std::from_chars(index.ptr + 1, end, place.size_bytes);
  if (size.ec != std::errc() || size.ptr != end) return std::nullopt;
  return place;
}

int64_t PayloadBytes(PayloadForm form, std::string_view bytes) {
  const auto stored = static_cast<int64_t>(bytes.size());
  // A frame says its size in its head; a row of the archive has it noted.
  if (form == PayloadForm::kCompressed) {
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    const bool known = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
    return known ? static_cast<int64_t>(size) : stored;
  }
  if (form == PayloadForm::kArchived) {
    const std::optional<ArchivedPlace> place = UnpackArchivedPlace(bytes);
    return place ? place->size_bytes : stored;
  }
  return stored;
}

}  // namespace flywheel::ingest
