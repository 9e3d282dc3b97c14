#include "eval_gate_service/evaluators/exact.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

// Equality of what `Key` makes of the texts.
class Equality : public Evaluator {
 protected:
  // Empty where nothing of the text counts.
  virtual std::string Key(std::string_view text) const = 0;

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const std::string key = Key(output.text);
    bool has_ideal = false;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      const std::string ideal_key = Key(ideal);
      if (ideal_key.empty()) continue;
      has_ideal = true;
      if (ideal_key == key) return Score(1, "equals an ideal output");
    }
    if (!has_ideal) return NotApplicable(kNoIdeal);
    return Score(0, fmt::format("got {}, want {}", QuotedBriefly(output.text),
                                QuotedBriefly(SpokenIdeals(one).front())));
  }
};

class Exact final : public Equality {
 public:
  explicit Exact(bool bytes) : bytes_(bytes) {}

 private:
  std::string Key(std::string_view text) const override {
    return bytes_ ? std::string(text) : Seen(text, Letters::kKeep);
  }

  const bool bytes_;
};

class Normalised final : public Equality {
 public:
  Normalised(bool ignore_punctuation, bool ignore_articles)
      : ignore_punctuation_(ignore_punctuation), ignore_articles_(ignore_articles) {}

 private:
  std::string Key(std::string_view text) const override {
    std::string key = Seen(text, Letters::kFold);
    if (ignore_punctuation_) key = WithoutPunctuation(key);
    if (ignore_articles_) key = WithoutArticles(key);
    return key;
  }

  const bool ignore_punctuation_;
  const bool ignore_articles_;
};

}  // namespace

MadeEvaluator MakeExact(Parameters& parameters) {
  const bool bytes = parameters.Flag("bytes", false);
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Exact>(bytes);
}

MadeEvaluator MakeNormalised(Parameters& parameters) {
  const bool ignore_punctuation = parameters.Flag("ignore_punctuation", false);
  const bool ignore_articles = parameters.Flag("ignore_articles", false);
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Normalised>(ignore_punctuation, ignore_articles);
}

}  // namespace flywheel::evalgate::evaluators
