#include "redaction/conversation/labelled_lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "redaction/conversation/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxLabelBytes = 48;
constexpr size_t kMaxValueBytes = 300;
constexpr size_t kMaxHeaderBytes = 1'000;
constexpr size_t kMaxColumns = 32;

struct Piece {
  size_t begin = 0;
  size_t end = 0;
};

Piece Trim(std::string_view text, Piece piece) {
  const auto blank = [&](size_t i) {
    return text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '*';
  };
  while (piece.begin < piece.end && blank(piece.begin)) ++piece.begin;
  while (piece.begin < piece.end && blank(piece.end - 1)) --piece.end;
  if (piece.end - piece.begin >= 2 && text[piece.begin] == '"' && text[piece.end - 1] == '"') {
    ++piece.begin;
    --piece.end;
  }
  return piece;
}

std::string_view Cut(std::string_view text, Piece piece) {
  return text.substr(piece.begin, piece.end - piece.begin);
}

// Does the kind say something of a value by itself, or only beside others?
bool IsOfValue(KeyKind kind) {
  return kind != KeyKind::kNone && kind != KeyKind::kThing && kind != KeyKind::kPersons;
}

// "Führerschein-Nr." is "Führerschein-Nr", "First name(s)" is "First name".
KeyKind KindOfLabel(std::string_view label) {
  while (!label.empty() && std::string_view(".#:()°º ").find(label.back()) != label.npos) {
    label.remove_suffix(1);
  }
  return KindOfKey(label);
}

// What was read of one object: its keys, and the values that wait for all of them.
class Record {
 public:
  void Add(KeyKind kind) { object_.Add(kind); }

  void Note(Piece value, KeyKind kind) { values_.emplace_back(value, kind); }

  void Decide(std::string_view text, const KeyedObject& object, KeyedValues& found) {
    std::string_view first, last;
    for (const auto& [piece, kind] : values_) {
      const std::string_view value = Cut(text, piece);
      if (value.empty() || value.size() > kMaxValueBytes) continue;
      // In a form ids of customers are numbers as those of orders are.
      if (kind == KeyKind::kUserId && (CountLetters(value) < 3 || Folded(value) != value)) continue;
      auto span = object.Decide(kind, value, true);
      if (!span) continue;
      span->begin = piece.begin;
      span->end = piece.end;
      found.personal.push_back(*span);
      if (kind == KeyKind::kFirstName) first = value;
      if (kind == KeyKind::kLastName) last = value;
    }
    if (!first.empty() && !last.empty()) {
      found.full_names.push_back(std::string(first).append(" ").append(last));
    }
    values_.clear();
  }

  void DecideForm(std::string_view text, KeyedValues& found) {
    if (!values_.empty()) Decide(text, object_, found);
    object_ = KeyedObject();
  }

 private:
  KeyedObject object_;
  std::vector<std::pair<Piece, KeyKind>> values_;
};

// Where the label of a form's line ends, and how many bytes of colon follow; 0 for none.
size_t ColonIn(std::string_view line, size_t& bytes) {
  const std::string_view start = line.substr(0, kMaxLabelBytes + 3);
  const size_t colon = start.find(':');
  const size_t wide = start.find("：");
  if (colon == std::string_view::npos && wide == std::string_view::npos) return 0;
  bytes = wide < colon ? 3 : 1;
  return std::min(colon, wide);
}

// The columns of a table's first line, and what parts them.
class Columns {
 public:
  // False where the line is none: fewer than two names, or none of a person.
  bool Read(std::string_view line) {
    count_ = 0;
    if (line.size() > kMaxHeaderBytes) return false;
    for (const char part : {',', ';', '\t', '|'}) {
      if (line.find(part) == std::string_view::npos) continue;
      part_ = part;
      if (ReadNames(line)) return true;
    }
    count_ = 0;
    return false;
  }

  bool empty() const { return count_ == 0; }
  void Clear() { count_ = 0; }

  // False where the row has another number of fields, and so is none of the table.
  bool ReadRow(std::string_view text, Piece line, Record& record, KeyedValues& found) const {
    std::array<Piece, kMaxColumns> fields;
    if (Split(text, line, fields) != count_) return false;
    for (size_t i = 0; i < count_; ++i) {
      if (IsOfValue(kinds_[i])) record.Note(Trim(text, fields[i]), kinds_[i]);
    }
    record.Decide(text, object_, found);
    return true;
  }

 private:
  bool ReadNames(std::string_view line) {
    std::array<Piece, kMaxColumns> fields;
    const size_t count = Split(line, {0, line.size()}, fields);
    if (count < 2 || count > kMaxColumns) return false;
    object_ = KeyedObject();
    bool any = false;
    for (size_t i = 0; i < count; ++i) {
      const std::string_view name = Cut(line, Trim(line, fields[i]));
      if (name.size() > kMaxLabelBytes || CountDigits(name) * 2 > name.size()) return false;
      const size_t spaces = static_cast<size_t>(std::count(name.begin(), name.end(), ' '));
      if (spaces > 3) return false;
      kinds_[i] = KindOfLabel(name);
      object_.Add(kinds_[i]);
      any = any || IsOfValue(kinds_[i]);
    }
    if (any) count_ = count;
    return any;
  }

  // How many fields; one more than there is room for where there are too many.
  size_t Split(std::string_view text, Piece line, std::array<Piece, kMaxColumns>& fields) const {
    size_t count = 0;
    size_t begin = line.begin;
    bool quoted = false;
    // A table of Markdown has its '|' at both ends, too.
    for (size_t i = line.begin; i <= line.end; ++i) {
      if (i < line.end && text[i] == '"') quoted = !quoted;
      if (i < line.end && (text[i] != part_ || quoted)) continue;
      if (count == kMaxColumns) return kMaxColumns + 1;
      fields[count++] = {begin, i};
      begin = i + 1;
    }
    return count;
  }

  char part_ = ',';
  size_t count_ = 0;
  std::array<KeyKind, kMaxColumns> kinds_{};
  KeyedObject object_;
};

// Of "| --- | :-- |" between the names and the rows.
bool IsRule(std::string_view line) {
  return line.find_first_not_of("|-: +\r") == std::string_view::npos;
}

}  // namespace

void FindLabelledLines(std::string_view text, KeyedValues& found) {
  Columns columns;
  Record form, row;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const Piece whole = {begin, end};
    begin = end + 1;
    if (!columns.empty()) {
      if (IsRule(line)) continue;
      if (columns.ReadRow(text, whole, row, found)) continue;
      columns.Clear();
    }
    // The names of columns stand above something.
    size_t bytes = 0;
    const size_t colon = ColonIn(line, bytes);
    const bool is_table = (colon == 0 || line.find('|') < colon) && end < text.size() &&
                          line.size() < kMaxHeaderBytes && columns.Read(line);
    if (is_table) {
      form.DecideForm(text, found);
      continue;
    }
    if (colon == 0) {
      form.DecideForm(text, found);
      continue;
    }
    const size_t label_begin = std::min(line.find_first_not_of(" \t-*>"), colon);
    const KeyKind kind = KindOfLabel(line.substr(label_begin, colon - label_begin));
    form.Add(kind);
    if (IsOfValue(kind)) form.Note(Trim(text, {whole.begin + colon + bytes, whole.end}), kind);
  }
  form.DecideForm(text, found);
}

}  // namespace flywheel::redaction
