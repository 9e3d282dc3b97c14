#include "ingest_service/otlp/media_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/media_marks.h"
#include "shared/text/printable.h"

namespace flywheel::ingest {
namespace {

using common::v1::Media;
using nlohmann::json;

constexpr int kMaxDepth = 5;
// What a type, or the only member of a part without one, has in it where it is media.
constexpr std::string_view kWords[] = {"image",    "audio",       "video",     "blob",
                                       "binary",   "uri",         "file",      "media",
                                       "document", "inline_data", "inlineData"};
constexpr std::string_view kTypeKeys[] = {"mime_type", "mimeType", "media_type", "mediaType"};
constexpr std::string_view kAddressKeys[] = {"uri",     "url",       "file_uri",
                                             "fileUri", "image_url", "s3Location"};
constexpr std::string_view kByteKeys[] = {"content", "data",         "bytes",         "image",
                                          "base64",  "base64_image", "binary_content"};
constexpr std::string_view kWordKeys[] = {"description", "alt", "transcript", "filename", "title"};

template <typename Table>
bool Has(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

bool SpeaksOfMedia(std::string_view type) {
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return type.find(word) != std::string_view::npos;
  });
}

bool IsMedia(const json& part) {
  if (!part.is_object()) return false;
  const json& type = AnyMember(part, {"type", "block_type"});
  if (type.is_string()) return SpeaksOfMedia(type.get_ref<const std::string&>());
  // Gemini and Bedrock name a part by its member.
  if (part.contains("text")) return false;
  if (part.contains("base64_image")) return true;
  return std::any_of(part.items().begin(), part.items().end(), [](const auto& member) {
    return member.value().is_object() && SpeaksOfMedia(member.key());
  });
}

// An address of at most the length that a record takes, which holds no bytes.
bool IsAddress(std::string_view text) {
  const size_t scheme = text.find("://");
  return scheme != std::string_view::npos && scheme > 0 && scheme < 32 &&
         text.size() <= kMaxUriBytes && text.substr(0, 5) != "data:" &&
         !HasControls(std::string(text));
}

// Checked as a mark's type is.
void SetType(const std::string& type, Media& media) {
  const std::optional<Media> typed = ReadMark("[media " + type + "]");
  if (typed && !typed->mime_type().empty()) media.set_mime_type(typed->mime_type());
}

// mlflow-attachment://...?content_type=image%2Fpng&...; empty for none.
std::string TypeInAddress(const std::string& address) {
  constexpr std::string_view kName = "content_type=";
  const size_t begin = address.find(kName);
  if (begin == std::string::npos) return "";
  std::string type = address.substr(begin + kName.size());
  type.resize(std::min(type.find('&'), type.size()));
  const size_t slash = type.find("%2F");
  if (slash != std::string::npos) type.replace(slash, 3, "/");
  return type;
}

// Bedrock and OpenAI's audio: {"image": {"format": "png", "source": ...}}, and Strands'
// {"type": "image", "content": {"format": "png", ...}}.
std::string TypeByFormat(const json& part) {
  for (const auto& [name, member] : part.items()) {
    const std::string format = ToText(Member(member, "format"));
    if (format.empty()) continue;
    const std::string kind = name == "content" ? ToText(Member(part, "type")) : name;
    if (format == "pdf") return "application/pdf";
    for (const std::string_view known : {"image", "audio", "video"}) {
      const bool is_it = kind.find(known) != std::string::npos;
      if (is_it) return fmt::format("{}/{}", known, format == "jpg" ? "jpeg" : format);
    }
  }
  return "";
}

void ReadString(const std::string& key, const std::string& text, Media& media) {
  if (const std::optional<Media> marked = ReadMark(text)) {
    const std::string type = media.mime_type();
    media.MergeFrom(*marked);
    if (!type.empty()) media.set_mime_type(type);
  } else if (Has(kTypeKeys, key)) {
    SetType(text, media);
  } else if (Has(kAddressKeys, key) && IsAddress(text)) {
    media.set_uri(text);
    if (media.mime_type().empty()) SetType(TypeInAddress(text), media);
  } else if (Has(kByteKeys, key)) {
    const std::optional<Media> bytes = ReadBase64(text);
    if (bytes && media.sha256().empty()) {
      const std::string type = media.mime_type();
      media.MergeFrom(*bytes);
      if (!type.empty()) media.set_mime_type(type);
    }
  } else if (Has(kWordKeys, key)) {
    media.set_description(text);
  }
}

void ReadMembers(const json& value, int depth, Media& media) {
  if (depth == kMaxDepth) return;
  for (const auto& [key, member] : value.items()) {
    if (member.is_string()) ReadString(key, member.get_ref<const std::string&>(), media);
    if (member.is_object()) ReadMembers(member, depth + 1, media);
  }
}

// The kind of media, such as "image", where nothing says more.
std::string KindOf(const json& part) {
  const json& modality = AnyMember(part, {"modality", "type"});
  if (modality.is_string()) return modality.get_ref<const std::string&>();
  return part.begin().key();
}

}  // namespace

std::optional<Media> ReadMedia(const json& part) {
  if (!IsMedia(part)) return std::nullopt;
  Media media;
  ReadMembers(part, 0, media);
  if (media.mime_type().empty()) SetType(TypeByFormat(part), media);
  if (media.ByteSizeLong() == 0) media.set_description(KindOf(part));
  return media;
}

}  // namespace flywheel::ingest
