#include "redaction/assigned_value.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "redaction/surroundings.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kGapBytes = 96;
constexpr size_t kValueBytes = 1024;

// Between a name and its value: verbs, types, schemes of authorization, the keys of XML and YAML.
constexpr std::string_view kGapWords[] = {
    "byte", "bytes",  "char", "const", "data",   "default", "es",     "est",    "final",
    "from", "is",     "ist",  "new",   "option", "or",      "set",    "static", "std",
    "str",  "string", "text", "to",    "var",    "value",   "values", "was",    "optional"};
constexpr int kMostGapWords = 5;
constexpr std::string_view kVerbs[] = {"is", "ist", "est", "es", "was", "value", "to"};
constexpr std::string_view kSchemes[] = {"apikey", "basic", "bearer", "token"};

bool IsLetter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool IsAlnum(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }
bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

template <size_t N>
bool Holds(const std::string_view (&words)[N], std::string_view word) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view each) {
    return each.size() == word.size() &&
           std::equal(word.begin(), word.end(), each.begin(),
                      [](char a, char b) { return static_cast<char>(a | 0x20) == b; });
  });
}

// Walks from a name to its value.
class Walk {
 public:
  Walk(std::string_view text, size_t name_end)
      : text_(text), name_end_(name_end), place_(name_end) {
    limit_ = std::min(text.size(), name_end + kGapBytes);
  }

  AssignedValue Run() {
    while (place_ < limit_) {
      const Step step = Next();
      if (step == Step::kNone) return {};
      if (step == Step::kValue) return Value();
    }
    return {};
  }

 private:
  enum class Step { kGoOn, kValue, kNone };

  char At(size_t place) const { return place < text_.size() ? text_[place] : '\0'; }

  Step GoOn(size_t bytes) {
    place_ += bytes;
    return Step::kGoOn;
  }

  Step Assign(size_t bytes = 1) {
    assigned_ = true;
    return GoOn(bytes);
  }

  Step Next() {
    const char c = text_[place_];
    if (IsLetter(c)) return Word();
    if (IsQuote(c)) return Quote();
    switch (c) {
      case '\n':
      case '\r':
        // A value on the next line, where an operator, a tag or "value:" says that it comes.
        if (++lines_ > 2 || (!assigned_ && !HasValueKey(place_ + 1))) return Step::kNone;
        return GoOn(1);
      case ' ':
      case '\t':
        spaced_ = true;
        return GoOn(1);
      case '\\':
        // "\n" and "\t" as two characters; else the quote behind it is escaped.
        return GoOn(At(place_ + 1) == 'n' || At(place_ + 1) == 't' ? 2 : 1);
      case '=':
      case ':':
      case '>':
      case '|':
      case ',':
      case '~':
      case '?':
      case '(':
        return Assign();
      case '<':
        return Tag();
      case '[':
        return PlaceholderAt(text_, place_) > 0 ? Step::kNone : GoOn(1);
      case '{':
      case '}':
      case ')':
      case ']':
      case ';':
        return c == ';' ? Step::kNone : GoOn(1);
      default:
        return Mark(c);
    }
  }

  // Marks that may also begin a value.
  Step Mark(char c) {
    const char next = At(place_ + 1);
    const char last = text_[place_ - 1];
    const bool before_quote = IsQuote(next);
    if (c == '-' && (next == '>' || last == '<' || last == ':')) return Assign();
    if (c == '-' && next == ' ' && spaced_) return Assign();
    if ((c == '!' || c == '+' || c == '.' || c == '*') && next == '=') return Assign(2);
    if (c == '&' && (next == '\'' || IsLetter(next)) && assigned_) return GoOn(1);
    if ((c == '@' || c == '$' || c == '&' || c == '*') && before_quote) return GoOn(1);
    if (c == '*' && IsLetter(next) && !assigned_) return GoOn(1);
    if (c == '/' && next == '*') {
      const size_t end = text_.substr(place_, kGapBytes).find("*/");
      return end == std::string_view::npos ? Step::kNone : GoOn(end + 2);
    }
    return assigned_ || spaced_ ? Step::kValue : Step::kNone;
  }

  Step Tag() {
    if (At(place_ + 1) != '/') return Assign();
    // The end of the element that held the name: "<key>apiKey</key>".
    const size_t end = text_.substr(place_, 32).find('>');
    return end == std::string_view::npos ? Step::kNone : Assign(end + 1);
  }

  Step Quote() {
    const std::string_view between = text_.substr(name_end_, place_ - name_end_);
    const bool closes = between.find_first_not_of('\\') == std::string_view::npos;
    if (closes || (!assigned_ && !spaced_)) return GoOn(1);
    // A lifetime of Rust: &'static str.
    if (text_.substr(place_, 8) == "'static ") return GoOn(7);
    const size_t begin = place_ + 1;
    const std::string_view rest = text_.substr(begin, kValueBytes);
    size_t size = 0;
    while (size < rest.size() && !IsQuote(rest[size]) && !IsSpace(rest[size])) ++size;
    if (size == rest.size()) return Step::kNone;
    if (size == 0 && rest[0] == text_[place_]) {
      // Three quotes open a text too; two are empty.
      return rest.substr(1, 1) == rest.substr(0, 1) ? GoOn(3) : Step::kNone;
    }
    // "Bearer VALUE" inside quotes; and a text with spaces is none.
    if (size == 0 || Holds(kSchemes, rest.substr(0, size))) return GoOn(1);
    place_ = begin;
    quoted_ = true;
    return Step::kValue;
  }

  Step Word() {
    size_t end = place_;
    while (end < limit_ && IsLetter(text_[end])) ++end;
    const std::string_view word = text_.substr(place_, end - place_);
    const char next = At(end);
    // b"...", rb'...', u"...", L"...".
    if (word.size() <= 2 && IsQuote(next) && (assigned_ || spaced_)) return GoOn(word.size());
    if (!IsAlnum(next) && next != '_' && ++words_ <= kMostGapWords &&
        (Holds(kGapWords, word) || Holds(kSchemes, word))) {
      assigned_ = assigned_ || Holds(kVerbs, word);
      return GoOn(word.size());
    }
    if (assigned_) {
      // new Secret("VALUE"), String::from("VALUE"): a text that is taken as it is.
      size_t call = end;
      while (call < limit_ && call - place_ < 32 &&
             (IsAlnum(text_[call]) || text_[call] == ':' || text_[call] == '.')) {
        ++call;
      }
      if (At(call) == '(' && IsQuote(At(call + 1))) return GoOn(call - place_ + 1);
    }
    return Step::kValue;
  }

  bool HasValueKey(size_t place) const {
    while (place < limit_ && IsSpace(text_[place])) ++place;
    return text_.substr(place, 6) == "value:" || text_[std::min(place, text_.size() - 1)] == '<';
  }

  bool IsEnd(char c) const {
    if (IsQuote(c) || IsSpace(c) || c == '\\' || c == '<' || c == '>') return true;
    return !quoted_ && (c == '(' || c == ')' || c == '{' || c == '}' || c == '[' || c == ']' ||
                        c == ',' || c == ';' || c == '&');
  }

  AssignedValue Value() const {
    if (!assigned_ && !spaced_) return {};
    const std::string_view rest = text_.substr(place_, kValueBytes);
    // Up to its quote, or to what ends a word of any language.
    size_t size = 0;
    while (size < rest.size() && !IsEnd(rest[size])) {
      // "a=1": the next name is set; '=' ends base64 otherwise.
      if (!quoted_ && rest[size] == '=' && IsAlnum(At(place_ + size + 1))) break;
      ++size;
    }
    if (quoted_ && size < rest.size() && IsSpace(rest[size])) return {};
    if (!quoted_) {
      // A call or an index is code.
      if (size < rest.size() && (rest[size] == '(' || rest[size] == '[')) return {};
      while (size > 0 &&
             std::string_view(".:!?*|").find(rest[size - 1]) != std::string_view::npos) {
        --size;
      }
    }
    return {place_, place_ + size, quoted_, assigned_};
  }

  std::string_view text_;
  size_t name_end_;
  size_t place_;
  size_t limit_ = 0;
  int lines_ = 0;
  int words_ = 0;
  bool assigned_ = false;
  bool spaced_ = false;
  bool quoted_ = false;
};

}  // namespace

AssignedValue ValueOf(std::string_view text, size_t name_end) { return Walk(text, name_end).Run(); }

}  // namespace flywheel::redaction
