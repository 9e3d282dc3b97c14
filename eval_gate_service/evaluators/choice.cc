#include "eval_gate_service/evaluators/choice.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kLetters = 26;
// Each option is looked for.
constexpr int64_t kStepsOfByte = 80;

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// Case and punctuation aside.
std::string KeyOf(std::string_view text) { return WithoutPunctuation(Seen(text, Letters::kFold)); }

// Options by their keys; without any, letters alone are known.
class Options {
 public:
  explicit Options(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) keys_.push_back(KeyOf(text));
  }

  // The lines "A) ...", "(B) ...", "C. ..." of a question, from A on.
  static Options OfInput(const std::string& input) {
    static const RE2 kLine(R"((?m)^[ \t]*\(?([A-Z])[).:][ \t]+(.*)$)");
    std::vector<std::string> texts;
    re2::StringPiece rest(input);
    std::string letter;
    std::string text;
    while (texts.size() < kLetters && RE2::FindAndConsume(&rest, kLine, &letter, &text)) {
      if (letter[0] == static_cast<char>('A' + texts.size())) texts.push_back(text);
    }
    return Options(texts.size() < 2 ? std::vector<std::string>() : texts);
  }

  // Which one `text` takes; nothing where that cannot be said.
  std::optional<size_t> Taken(std::string_view text) const {
    std::string seen = Seen(text, Letters::kKeep);
    std::erase_if(seen, [](char c) { return c == '*' || c == '`' || c == '"'; });
    if (const auto whole = Whole(seen)) return whole;
    if (const auto announced = Announced(seen)) return announced;
    static const RE2 kFront(R"(^\(?([A-Z])[).:]\s)");
    if (const auto front = Letter(seen, kFront)) return front;
    if (const auto mentioned = Mentioned(seen)) return mentioned;
    return Bracketed(seen);
  }

 private:
  size_t count() const { return keys_.empty() ? kLetters : keys_.size(); }

  std::optional<size_t> IndexOf(char letter) const {
    const auto index = static_cast<size_t>((letter | 0x20) - 'a');
    if (index < count()) return index;
    return std::nullopt;
  }

  std::optional<size_t> Letter(std::string_view seen, const RE2& pattern) const {
    std::string letter;
    if (!RE2::PartialMatch(Piece(seen), pattern, &letter)) return std::nullopt;
    return IndexOf(letter[0]);
  }

  std::optional<size_t> Whole(std::string_view seen) const {
    static const RE2 kLetter(R"(^[(\[]?([A-Za-z])[)\].:]*$)");
    if (const auto letter = Letter(seen, kLetter)) return letter;
    const std::string key = KeyOf(seen);
    std::optional<size_t> found;
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i].empty() || keys_[i] != key) continue;
      if (found) return std::nullopt;
      found = i;
    }
    return found;
  }

  std::optional<size_t> Announced(std::string_view seen) const {
    static const RE2 kAnnounced(
        R"((?i:\b(?:answer|correct (?:choice|option))\b(?: (?:is|was|would be|should be))?))"
        R"(\s*[:=]?\s*(?i:(?:option|choice)\s+)?[(\[]?([A-Z])(?:[^\p{L}\p{N}']|$))");
    std::optional<size_t> last;
    re2::StringPiece rest = Piece(seen);
    std::string letter;
    while (RE2::FindAndConsume(&rest, kAnnounced, &letter)) {
      if (const auto index = IndexOf(letter[0])) last = index;
    }
    return last;
  }

  std::optional<size_t> Mentioned(std::string_view seen) const {
    const std::string key = ' ' + KeyOf(seen) + ' ';
    std::vector<size_t> found;
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (!keys_[i].empty() && Find(key, ' ' + keys_[i] + ' ') != std::string::npos) {
        found.push_back(i);
      }
    }
    // "York" is not said where "New York" is.
    std::erase_if(found, [&](size_t i) {
      for (const size_t other : found) {
        if (other != i && Find(' ' + keys_[other] + ' ', ' ' + keys_[i] + ' ') != std::string::npos)
          return keys_[other] != keys_[i];
      }
      return false;
    });
    if (found.size() != 1) return std::nullopt;
    return found.front();
  }

  std::optional<size_t> Bracketed(std::string_view seen) const {
    static const RE2 kBracketed(R"([(\[]([A-Z])[)\]])");
    std::optional<size_t> only;
    re2::StringPiece rest = Piece(seen);
    std::string letter;
    while (RE2::FindAndConsume(&rest, kBracketed, &letter)) {
      const auto index = IndexOf(letter[0]);
      if (only && index && *only != *index) return std::nullopt;
      if (index) only = index;
    }
    return only;
  }

  std::vector<std::string> keys_;
};

class Choice final : public Evaluator {
 public:
  // Without options: those of each case.
  explicit Choice(std::optional<Options> options) : options_(std::move(options)) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    std::optional<Options> of_case;
    if (!options_) of_case = Options::OfInput(one.input);
    const Options& options = options_ ? *options_ : *of_case;
    std::vector<size_t> ideals;
    size_t bytes = one.input.size() + output.text.size();
    for (const std::string& ideal : one.ideal_outputs) bytes += ideal.size();
    if (!Work::Take(kStepsOfByte * static_cast<int64_t>(bytes))) return TooMuchWork();
    for (const std::string_view ideal : SpokenIdeals(one)) {
      if (const auto taken = options.Taken(ideal)) ideals.push_back(*taken);
    }
    if (ideals.empty()) return NotApplicable("no ideal output of the case names an option");
    const auto taken = options.Taken(output.text);
    if (!taken)
      return Score(0, fmt::format("no option can be read, want {}", Name(ideals.front())));
    const bool right = std::find(ideals.begin(), ideals.end(), *taken) != ideals.end();
    return Score(right ? 1 : 0, fmt::format("got {}, want {}", Name(*taken), Name(ideals.front())));
  }

  static char Name(size_t option) { return static_cast<char>('A' + option); }

  const std::optional<Options> options_;
};

}  // namespace

MadeEvaluator MakeChoice(Parameters& parameters) {
  const std::vector<std::string> texts = parameters.Texts("options");
  if (texts.size() == 1 || texts.size() > kLetters) {
    parameters.Violation("options", fmt::format("got {} options, want 2 to 26", texts.size()));
  }
  RETURN_IF_ERROR(parameters.Check());
  std::optional<Options> options;
  if (!texts.empty()) options.emplace(texts);
  return std::make_unique<Choice>(std::move(options));
}

}  // namespace flywheel::evalgate::evaluators
