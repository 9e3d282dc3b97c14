// Replaces pictures and other media inside of texts by marks that say which they were.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_MARKS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_MARKS_H_

#include <optional>
#include <string>
#include <string_view>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::ingest {

// A mark is "[media image/png 1024 bytes HEX]": the type where it is known, and size and SHA-256 of
// the bytes where all of them were there. It stands where the base64 of the bytes stood, in
// whatever form or depth: as a data: URL, as a member of a JSON text, or of one inside another.

// The mark of bytes; `mime_type` may be empty.
std::string MarkOf(std::string_view mime_type, std::string_view bytes);

// `text` with marks in the place of data: URLs, of base64 that begins as a known format does, and
// of base64 that is too long for anything else. What stands at the end of the text may have been
// cut: then its mark has no size.
std::string TakeMediaOut(std::string text);

// The media of a text that is nothing but a mark, or the name that an SDK put in the place of an
// upload of its own; nullopt for any other text.
std::optional<common::v1::Media> ReadMark(std::string_view text);

// Of base64, whatever its length; nullopt where it is none.
std::optional<common::v1::Media> ReadBase64(std::string_view base64);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_MARKS_H_
