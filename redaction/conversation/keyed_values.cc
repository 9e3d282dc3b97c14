#include "redaction/conversation/keyed_values.h"

#include <algorithm>

#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

// Deeper objects are walked through, and what their keys say is not asked.
constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxKeyBytes = 48;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Reads brackets, keys and values by their look, whatever stands around them.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void Read() {
    while (place_ < text_.size()) {
      // Outside of brackets nothing is of interest.
      if (frames_.empty()) {
        place_ = text_.find_first_of("{[", place_);
        if (place_ == std::string_view::npos) return;
      }
      ReadOne();
    }
  }

  void Decide(KeyedValues& found) {
    std::vector<std::string_view> first_names(objects_.size()), last_names(objects_.size());
    for (const Value& value : values_) {
      const std::string_view text = text_.substr(value.begin, value.end - value.begin);
      const KeyedObject& object = objects_[value.object];
      auto span = object.Decide(value.kind, text, value.is_string);
      if (!span.has_value()) {
        if (value.kind != KeyKind::kName || !object.IsThing()) continue;
        found.things.push_back({value.begin, value.end, DataType::kName, {}, Spread::kNone, false});
        continue;
      }
      span->begin = value.begin;
      span->end = value.end;
      span->is_bare = !value.is_string;
      found.personal.push_back(*span);
      if (value.kind == KeyKind::kFirstName) first_names[value.object] = text;
      if (value.kind == KeyKind::kLastName) last_names[value.object] = text;
    }
    for (size_t i = 0; i < objects_.size(); ++i) {
      if (first_names[i].empty() || last_names[i].empty()) continue;
      found.full_names.push_back(std::string(first_names[i]).append(" ").append(last_names[i]));
    }
  }

 private:
  struct Frame {
    bool is_object = false;
    size_t object = 0;
    KeyKind key = KeyKind::kNone;  // Of the value that comes next; a list's own, in a list.
  };
  struct Value {
    size_t begin = 0;
    size_t end = 0;
    size_t object = 0;
    KeyKind kind = KeyKind::kNone;
    bool is_string = true;
  };

  void ReadOne() {
    const char c = text_[place_];
    switch (c) {
      case '{':
      case '[':
        return Open(c == '{');
      case '}':
      case ']':
        ++place_;
        if (too_deep_ > 0) {
          --too_deep_;
        } else {
          frames_.pop_back();
        }
        return;
      case ',':
        ++place_;
        if (frames_.back().is_object) frames_.back().key = KeyKind::kNone;
        return;
      case '"':
      case '\'':
        return ReadString(c);
      default:
        if (IsWordByte(c)) return ReadWord();
        ++place_;
    }
  }

  void Open(bool is_object) {
    ++place_;
    if (frames_.size() == kMaxDepth) {
      ++too_deep_;
      return;
    }
    const KeyKind key = frames_.empty() ? KeyKind::kNone : frames_.back().key;
    const size_t above = frames_.empty() ? 0 : frames_.back().object;
    if (!is_object) {
      // What a list holds is its key's.
      if (objects_.empty()) objects_.emplace_back();
      frames_.push_back({false, above, key});
      return;
    }
    frames_.push_back({true, objects_.size(), KeyKind::kNone});
    in_name_.resize(objects_.size());
    objects_.emplace_back(key);
    in_name_.push_back(key == KeyKind::kName || key == KeyKind::kFullName);
  }

  void ReadString(char quote) {
    // An apostrophe opens nothing: "don't".
    if (quote == '\'' && IsWordByte(text_[place_ - 1])) {
      ++place_;
      return;
    }
    const size_t begin = place_ + 1;
    size_t end = begin;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      place_ = text_.size();
      return;
    }
    place_ = end + 1;
    size_t next = place_;
    while (next < text_.size() && IsSpace(text_[next])) ++next;
    Frame& frame = frames_.back();
    if (too_deep_ == 0 && frame.is_object && next < text_.size() && text_[next] == ':') {
      frame.key = Kind(text_.substr(begin, end - begin), frame.object);
      objects_[frame.object].Add(frame.key);
      place_ = next + 1;
      return;
    }
    Note(begin, end, true);
  }

  // "first" is a name's part in "name": {...} only.
  KeyKind Kind(std::string_view key, size_t object) const {
    const KeyKind kind = KindOfKey(key);
    const bool short_one =
        key == "first" || key == "last" || key == "given" || key == "family" || key == "full";
    return short_one && !in_name_[object] ? KeyKind::kNone : kind;
  }

  void ReadWord() {
    const size_t begin = place_;
    while (place_ < text_.size() && (IsWordByte(text_[place_]) || text_[place_] == '.')) ++place_;
    if (IsAsciiDigit(text_[begin])) Note(begin, place_, false);
  }

  void Note(size_t begin, size_t end, bool is_string) {
    const Frame& frame = frames_.back();
    const bool asked = frame.key != KeyKind::kNone && frame.key != KeyKind::kThing &&
                       frame.key != KeyKind::kPersons;
    if (too_deep_ > 0 || !asked || begin == end) return;
    values_.push_back({begin, end, frame.object, frame.key, is_string});
  }

  std::string_view text_;
  size_t place_ = 0;
  std::vector<Frame> frames_;
  size_t too_deep_ = 0;
  std::vector<KeyedObject> objects_;
  std::vector<bool> in_name_;  // By object: is it the value of "name"?
  std::vector<Value> values_;
};

}  // namespace

bool HasPersonalKeys(std::string_view text) {
  // What stands before each ':'.
  for (size_t colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    size_t end = colon;
    while (end > 0 && colon - end < 4 && IsSpace(text[end - 1])) --end;
    if (end < 3 || (text[end - 1] != '"' && text[end - 1] != '\'')) continue;
    const size_t first = end - 1 - std::min(end - 1, kMaxKeyBytes + 1);
    const std::string_view before = text.substr(first, end - 1 - first);
    const size_t quote = before.rfind(text[end - 1]);
    if (quote == std::string_view::npos) continue;
    const KeyKind kind = KindOfKey(before.substr(quote + 1));
    if (kind != KeyKind::kNone && kind != KeyKind::kThing && kind != KeyKind::kPersons) return true;
  }
  return false;
}

void FindKeyedValues(std::string_view text, KeyedValues& found) {
  if (!HasPersonalKeys(text)) return;
  Reader reader(text);
  reader.Read();
  reader.Decide(found);
}

void AddKeyed(const KeyedValues& found, std::vector<PersonalSpan>& spans) {
  // Both ascend: is a name that was found by its form the name of a thing?
  size_t thing = 0;
  const auto is_thing = [&](const PersonalSpan& span) {
    while (thing < found.things.size() && found.things[thing].end <= span.begin) ++thing;
    return span.type == DataType::kName && thing < found.things.size() &&
           found.things[thing].begin < span.end;
  };
  if (!found.things.empty()) {
    spans.erase(std::remove_if(spans.begin(), spans.end(), is_thing), spans.end());
  }
  spans.insert(spans.end(), found.personal.begin(), found.personal.end());
}

}  // namespace flywheel::redaction
