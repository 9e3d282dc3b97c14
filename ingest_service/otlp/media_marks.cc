#include "ingest_service/otlp/media_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "shared/hashing/sha256.h"

namespace flywheel::ingest {
namespace {

constexpr std::string_view kBegin = "[media ";
// No type: it has no slash.
constexpr std::string_view kUnknownType = "unknown";
constexpr size_t kDigits = 64;
// What a picture of one pixel takes in base64, and what nothing but bytes takes.
constexpr size_t kMinKnownFormat = 40;
constexpr size_t kMinUnknownFormat = 1'024;
constexpr size_t kMaxTypeBytes = 100;

// How formats begin, in base64.
constexpr std::pair<std::string_view, std::string_view> kFormats[] = {
    {"iVBORw0KGgo", "image/png"},   {"/9j/", "image/jpeg"},      {"R0lGOD", "image/gif"},
    {"JVBERi0", "application/pdf"}, {"SUQz", "audio/mpeg"},      {"T2dnUw", "audio/ogg"},
    {"GkXfo", "video/webm"},        {"UEsDB", "application/zip"}};

bool IsBase64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

// The end of the base64 that begins here. JSON may escape the slash.
size_t EndOfRun(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size()) {
    if (IsBase64(text[end])) {
      ++end;
    } else if (text.substr(end, 2) == "\\/") {
      end += 2;
    } else {
      break;
    }
  }
  for (int i = 0; i < 2 && end > begin && end < text.size() && text[end] == '='; ++i) ++end;
  return end;
}

// The bytes; of text that is no base64 none.
std::string Decode(std::string_view base64) {
  std::string plain;
  plain.reserve(base64.size());
  for (const char c : base64) {
    if (c == '\\' || c == '=') continue;
    plain += c == '-' ? '+' : c == '_' ? '/' : c;
  }
  // One character alone holds no byte.
  if (plain.size() % 4 == 1) plain.pop_back();
  std::string bytes;
  if (!absl::Base64Unescape(plain, &bytes)) return "";
  return bytes;
}

std::string_view TypeOf(std::string_view base64) {
  for (const auto& [begin, type] : kFormats) {
    if (base64.substr(0, begin.size()) == begin) return type;
  }
  // RIFF and MP4 say what they are some bytes later.
  const std::string head = Decode(base64.substr(0, 24));
  if (head.substr(0, 4) == "RIFF") return head.substr(8, 4) == "WAVE" ? "audio/wav" : "image/webp";
  if (head.size() > 8 && head.substr(4, 4) == "ftyp") return "video/mp4";
  return "";
}

// Random bytes have all of these; a text without a space, or one letter many times, has not.
bool LooksLikeBytes(std::string_view run) {
  bool upper = false;
  bool lower = false;
  bool digit = false;
  bool sign = false;
  for (const char c : run) {
    upper = upper || (c >= 'A' && c <= 'Z');
    lower = lower || (c >= 'a' && c <= 'z');
    digit = digit || (c >= '0' && c <= '9');
    sign = sign || c == '+' || c == '/' || c == '-' || c == '_';
  }
  return upper && lower && digit && sign;
}

// Where "data:TYPE;base64," before `begin` begins; `begin` for none.
size_t BeginOfDataUrl(std::string_view text, size_t begin) {
  constexpr std::string_view kEnd = ";base64,";
  if (begin < kEnd.size() || text.substr(begin - kEnd.size(), kEnd.size()) != kEnd) return begin;
  const size_t from = begin - std::min(begin, kMaxTypeBytes + kEnd.size());
  const size_t scheme = text.substr(from, begin - from).rfind("data:");
  return scheme == std::string_view::npos ? begin : from + scheme;
}

// TYPE of "data:TYPE;PARAMETERS;base64,".
std::string TypeOfDataUrl(std::string_view url) {
  constexpr size_t kScheme = 5;
  std::string type;
  for (const char c : url.substr(kScheme, url.find(';') - kScheme)) {
    if (c != '\\') type += c;
  }
  return type;
}

// TYPE/SUBTYPE; whatever else senders write there is no type that a record may have.
void SetType(std::string_view type, common::v1::Media& media) {
  const size_t slash = type.find('/');
  const bool good = slash != 0 && slash + 1 < type.size() && type.size() <= kMaxTypeBytes &&
                    std::all_of(type.begin(), type.end(), [&](const char& c) {
                      return IsBase64(c) ? c != '/' || &c == &type[slash] : c == '.';
                    });
  if (good) media.set_mime_type(std::string(type));
}

std::string Mark(std::string_view type, std::string_view base64, bool whole) {
  if (whole) return MarkOf(type, Decode(base64));
  return fmt::format("{}{}]", kBegin, type.empty() ? kUnknownType : type);
}

}  // namespace

std::string MarkOf(std::string_view mime_type, std::string_view bytes) {
  return fmt::format("{}{} {} bytes {}]", kBegin, mime_type.empty() ? kUnknownType : mime_type,
                     bytes.size(), Sha256Hex(bytes));
}

std::string TakeMediaOut(std::string text) {
  if (text.size() < kMinKnownFormat) return text;
  const std::string_view source = text;
  std::string out;
  size_t copied = 0;
  for (size_t begin = 0; begin < source.size(); ++begin) {
    if (!IsBase64(source[begin])) continue;
    const size_t end = EndOfRun(source, begin);
    const std::string_view run = source.substr(begin, end - begin);
    const size_t url = BeginOfDataUrl(source, begin);
    std::string type = url < begin ? TypeOfDataUrl(source.substr(url, begin - url)) : "";
    const bool known = run.size() >= kMinKnownFormat && !TypeOf(run).empty();
    const bool unknown = run.size() >= kMinUnknownFormat && LooksLikeBytes(run);
    if (url < begin || known || unknown) {
      if (type.empty()) type = TypeOf(run);
      out += source.substr(copied, url - copied);
      out += Mark(type, run, end < source.size() || run.back() == '=');
      copied = end;
    }
    begin = end;
  }
  if (copied == 0) return text;
  out += source.substr(copied);
  return out;
}

std::optional<common::v1::Media> ReadMark(std::string_view text) {
  common::v1::Media media;
  // Langfuse's: "@@@langfuseMedia:type=image/png|id=ID|source=bytes@@@".
  constexpr std::string_view kLangfuse = "@@@langfuseMedia:type=";
  if (text.substr(0, kLangfuse.size()) == kLangfuse && text.substr(text.size() - 3) == "@@@") {
    SetType(text.substr(kLangfuse.size(), text.find('|') - kLangfuse.size()), media);
    return media;
  }
  if (text.substr(0, kBegin.size()) != kBegin || text.back() != ']') return std::nullopt;
  text = text.substr(kBegin.size(), text.size() - kBegin.size() - 1);
  const std::vector<std::string> words =
      absl::StrSplit(absl::string_view(text.data(), text.size()), " ");
  SetType(words.front(), media);
  if (words.size() == 1) return media;
  uint32_t size = 0;
  if (words.size() != 4 || words[2] != "bytes" || words[3].size() != kDigits) return std::nullopt;
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), size);
  media.set_size_bytes(size);
  media.set_sha256(absl::HexStringToBytes({words[3].data(), words[3].size()}));
  return media;
}

std::optional<common::v1::Media> ReadBase64(std::string_view base64) {
  const std::string bytes = Decode(base64);
  if (bytes.empty() || EndOfRun(base64, 0) != base64.size()) return std::nullopt;
  return ReadMark(MarkOf(TypeOf(base64), bytes));
}

}  // namespace flywheel::ingest
