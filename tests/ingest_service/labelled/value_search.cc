#include "tests/ingest_service/labelled/value_search.h"

#include <algorithm>
#include <cstring>

#include "redaction/recogniser.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kNumber = 6;
constexpr size_t kBeginning = 4;
constexpr size_t kPiece = 8;
// Four or five bytes turn up by chance among keyed hashes and compressed bytes, but not beside
// text.
constexpr size_t kShort = 6;
constexpr size_t kTextBeside = 8;

uint32_t Load(const char* bytes) {
  uint32_t key;
  std::memcpy(&key, bytes, kBeginning);
  return key;
}

uint32_t Hash(uint32_t key) { return key * 0x9E3779B1u >> 12; }

// What JSON and other writers may spell in another way.
bool MayBeEscaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || (c & 0x80) != 0 ||
         std::string_view("'\"\\/<>&=").find(c) != std::string_view::npos;
}

bool IsText(std::string_view bytes) {
  return bytes.size() == kTextBeside &&
         std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Is this piece no part of a longer word, and does readable text of ASCII stand before or behind
// it?
bool StandsInText(std::string_view bytes, size_t begin, size_t size) {
  const size_t end = begin + size;
  if (end < bytes.size() && bytes[end] >= 'a' && bytes[end] <= 'z') return false;
  return (begin >= kTextBeside && IsText(bytes.substr(begin - kTextBeside, kTextBeside))) ||
         IsText(bytes.substr(end, kTextBeside));
}

// What is left of a sentence without its labels.
std::string Rest(const redaction::Sentence& sentence) {
  std::string rest;
  size_t place = 0;
  for (const redaction::Label& label : sentence.labels) {
    rest += sentence.text.substr(place, label.begin - place) + '\n';
    place = label.end;
  }
  return rest + sentence.text.substr(place) + '\n';
}

}  // namespace

ValueSearch::ValueSearch(const std::vector<redaction::Sentence>& sentences) {
  std::map<std::string, redaction::DataType> values;
  std::string rests;
  for (const redaction::Sentence& sentence : sentences) {
    rests += Rest(sentence);
    for (const redaction::Label& label : sentence.labels) {
      values.emplace(sentence.text.substr(label.begin, label.end - label.begin), label.type);
    }
  }
  for (const auto& [value, type] : values) {
    // Five digits stand in some time or size of any file.
    const bool number =
        value.size() < kNumber && value.find_first_not_of("0123456789") == value.npos;
    if (number || value.size() < kBeginning || rests.find(value) != std::string::npos) continue;
    AddNeedles(value, types_.size());
    values_.push_back(value);
    types_.push_back(type);
  }
}

void ValueSearch::AddNeedles(const std::string& value, size_t index) {
  std::set<std::string> texts = {value};
  for (size_t begin = 0; begin < value.size();) {
    const auto end =
        static_cast<size_t>(std::find_if(value.begin() + static_cast<std::ptrdiff_t>(begin),
                                         value.end(), MayBeEscaped) -
                            value.begin());
    // What the sentences of a value have in common is no value.
    const std::string piece = value.substr(begin, end - begin);
    if (piece.size() >= kPiece && piece.find("PRIVATE KEY") == std::string::npos) {
      texts.insert(piece);
    }
    begin = end + 1;
  }
  for (const std::string& text : texts) {
    const uint32_t key = Load(text.data());
    beginnings_.set(Hash(key));
    needles_[key].push_back({text, index});
  }
}

template <typename Visit>
void ValueSearch::ForEachHit(std::string_view bytes, Visit visit) const {
  for (size_t i = 0; i + kBeginning <= bytes.size(); ++i) {
    const uint32_t key = Load(bytes.data() + i);
    if (!beginnings_.test(Hash(key))) continue;
    const auto found = needles_.find(key);
    if (found == needles_.end()) continue;
    for (const Needle& needle : found->second) {
      const size_t size = needle.text.size();
      if (bytes.substr(i, size) != needle.text) continue;
      if (size >= kShort || StandsInText(bytes, i, size)) visit(needle.value);
    }
  }
}

int ValueSearch::Find(std::string_view bytes, const std::string& where) {
  std::set<size_t> here;
  ForEachHit(bytes, [&](size_t value) { here.insert(value); });
  for (const size_t value : here) found_.emplace(value, where);
  return static_cast<int>(here.size());
}

std::map<redaction::DataType, int> ValueSearch::Found() const {
  std::map<redaction::DataType, int> counts;
  for (const auto& [value, where] : found_) ++counts[types_[value]];
  return counts;
}

std::string ValueSearch::Examples(const std::set<redaction::DataType>& types) const {
  std::string examples;
  int left = 20;
  for (const auto& [value, where] : found_) {
    if (!types.empty() && types.count(types_[value]) == 0) continue;
    if (left-- == 0) break;
    examples += "\n  " + std::string(redaction::DataTypeName(types_[value])) + " '" +
                values_[value] + "' in " + where;
  }
  return examples;
}

}  // namespace flywheel::ingest
