#include "ingest_service/domain/payload_form.h"

#include <fmt/format.h>
#include <zstd.h>

#include <charconv>
#include <system_error>

namespace flywheel::ingest {
namespace {

// Reads a number that `end_mark` follows. Returns where it goes on, null where there is none.
const char* ReadNumber(const char* begin, const char* end, char end_mark, int64_t& number) {
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != end_mark) return nullptr;
  return read.ptr + 1;
}

}  // namespace

std::string PackArchivedPlace(const ArchivedPlace& place) {
  return fmt::format("{} {}", place.index, place.size_bytes);
}

std::optional<ArchivedPlace> UnpackArchivedPlace(std::string_view bytes) {
  // "INDEX SIZE" and nothing behind it.
  ArchivedPlace place;
  const char* const end = bytes.data() + bytes.size();
  const char* const second = ReadNumber(bytes.data(), end, ' ', place.index);
  if (second == nullptr) return std::nullopt;
  const auto size = std::from_chars(second, end, place.size_bytes);
  if (size.ec != std::errc() || size.ptr != end) return std::nullopt;
  return place;
}

std::string PackShared(const SharedHead& head, std::string_view rest) {
  return fmt::format("{} {}\n{}", head.history, head.size_bytes, rest);
}

std::optional<std::pair<SharedHead, size_t>> UnpackShared(std::string_view bytes) {
  SharedHead head;
  const char* const end = bytes.data() + bytes.size();
  const char* place = ReadNumber(bytes.data(), end, ' ', head.history);
  if (place != nullptr) place = ReadNumber(place, end, '\n', head.size_bytes);
  // A damaged row may say anything.
  const bool sane = place != nullptr && head.history >= 0 && head.size_bytes >= 0 &&
                    head.size_bytes <= kMaxPayloadBytes;
  if (!sane) return std::nullopt;
  return std::pair(head, static_cast<size_t>(place - bytes.data()));
}

int64_t PayloadBytes(PayloadForm form, std::string_view bytes) {
  const auto stored = static_cast<int64_t>(bytes.size());
  // A frame says its size in its head; rows whose payload is elsewhere have it noted.
  if (form == PayloadForm::kCompressed) {
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    const bool known = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
    return known ? static_cast<int64_t>(size) : stored;
  }
  if (form == PayloadForm::kArchived) {
    const std::optional<ArchivedPlace> place = UnpackArchivedPlace(bytes);
    return place ? place->size_bytes : stored;
  }
  if (form == PayloadForm::kShared) {
    const auto head = UnpackShared(bytes);
    return head ? head->first.size_bytes : stored;
  }
  return stored;
}

}  // namespace flywheel::ingest
