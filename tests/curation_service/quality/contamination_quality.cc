#include "tests/curation_service/quality/contamination_quality.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "shared/text/compared_text.h"
#include "tests/curation_service/quality/real_questions.h"
#include "tests/curation_service/quality/rephrasing.h"

namespace flywheel::curation {
namespace {

constexpr size_t kVariantTexts = 300;
constexpr std::array<const char*, 8> kVariantNames = {
    "upper case", "double spaces", "zero-width space", "typing error",
    "prefix",     "suffix",        "punctuation",      "entity of HTML"};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string> Compared(const std::vector<std::string>& texts) {
  std::vector<std::string> compared;
  compared.reserve(texts.size());
  for (const std::string& text : texts) compared.push_back(ComparedText(text));
  return compared;
}

}  // namespace

WallTrial::WallTrial(const std::vector<std::string>& questions, size_t eval_stride) {
  for (size_t i = 0; i < questions.size(); ++i) {
    (i % eval_stride == 0 ? eval_ : clean_).push_back(questions[i]);
    frequencies_.Add(ComparedText(questions[i]));
  }
}

// `texts` come from the eval texts, one after the other, where there are as many.
Flagged WallTrial::Count(const std::vector<std::string>& texts) const {
  ContaminationIndex index(Compared(eval_), frequencies_, {});
  Flagged flagged;
  flagged.texts = texts.size();
  const double share = texts.empty() ? 0 : 1.0 / static_cast<double>(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::optional<Contamination> found = index.Find(ComparedText(texts[i]));
    if (!found) continue;
    (index.Blocks(*found) ? flagged.blocked : flagged.reviewed) += share;
    if (found->eval_text == i) flagged.right += share;
  }
  return flagged;
}

Flagged WallTrial::Clean() const { return Count(clean_); }

std::vector<Flagged> WallTrial::Variants() const {
  std::vector<std::vector<std::string>> texts(kVariantNames.size());
  for (size_t i = 0; i < std::min(kVariantTexts, eval_.size()); ++i) {
    std::vector<std::string> variants = SmallVariants(eval_[i]);
    for (size_t k = 0; k < texts.size(); ++k) texts[k].push_back(std::move(variants[k]));
  }
  std::vector<Flagged> flagged;
  for (const std::vector<std::string>& of_kind : texts) flagged.push_back(Count(of_kind));
  return flagged;
}

Flagged WallTrial::Rephrasings(RuleSet rules) const {
  std::vector<std::string> texts;
  for (const std::string& text : eval_) texts.push_back(Rephrased(text, rules));
  return Count(texts);
}

double WallTrial::SecondsToIndex() const {
  std::vector<std::string> compared = Compared(eval_);
  const auto start = std::chrono::steady_clock::now();
  ContaminationIndex index(std::move(compared), frequencies_, {});
  return SecondsSince(start);
}

double WallTrial::SecondsToFind() const {
  const std::vector<std::string> texts = Compared(clean_);
  ContaminationIndex index(Compared(eval_), frequencies_, {});
  size_t found = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : texts) found += index.Find(text) ? 1 : 0;
  // So that nothing of it is left out.
  return found > texts.size() ? 0 : SecondsSince(start) / static_cast<double>(texts.size());
}

std::vector<Figure> ContaminationFigures() {
  std::vector<Figure> figures;
  const std::pair<const char*, std::vector<std::string>> kinds[] = {
      {"school problems", SchoolProblems()}, {"bank queries", BankQueries()}};
  for (const auto& [kind, questions] : kinds) {
    if (questions.empty()) continue;
    const std::string name = std::string(kind) + ", ";
    const bool school = questions.size() < 5'000;
    const WallTrial trial(questions, school ? 2 : 10);
    const std::vector<Flagged> variants = trial.Variants();
    for (size_t k = 0; k < variants.size(); ++k) {
      figures.push_back(
          {name + kVariantNames[k] + ": not blocked", 1 - variants[k].blocked, 0.01, true});
    }
    figures.push_back(
        {name + "clean ones blocked", trial.Clean().blocked, school ? 0.01 : 0.03, true});
    if (!school) continue;
    const Flagged tuned = trial.Rephrasings(RuleSet::kTune);
    const Flagged unseen = trial.Rephrasings(RuleSet::kTest);
    figures.push_back(
        {name + "rephrased by rules that were tuned on: blocked", tuned.blocked, 0.9});
    figures.push_back({name + "rephrased by other rules: blocked", unseen.blocked, 0.9});
    figures.push_back({name + "rephrased by other rules: the right one", unseen.right, 0.95});
  }
  return figures;
}

}  // namespace flywheel::curation
