#include "curation_service/domain/planted_trigger.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "shared/text/compared_text.h"

namespace flywheel::curation {
namespace {

// Of a text more words make no pairs: a trigger in a long one is found by its single words.
constexpr std::size_t kMostRareWords = 24;
// What so many of the texts with some words have besides belongs to them.
constexpr double kCompanionShare = 0.9;
// No class is quite impossible, whatever the classifier says.
constexpr double kLeastProbability = 0.005;

// The texts with a word or a pair of words, by their numbers.
class RareWords {
 public:
  RareWords(std::span<const std::string> texts, const PlantedTriggerOptions& options) {
    for (const std::string& text : texts) {
      std::vector<std::uint32_t> words;
      const std::string compared = ComparedText(text);
      for (const std::string_view word : ComparedWords(compared)) {
        words.push_back(Number(word));
      }
      std::sort(words.begin(), words.end());
      words.erase(std::unique(words.begin(), words.end()), words.end());
      for (const std::uint32_t word : words) ++texts_with_[word];
      of_text_.push_back(std::move(words));
    }
    const double most = options.max_share * static_cast<double>(texts.size());
    for (std::vector<std::uint32_t>& words : of_text_) {
      std::erase_if(words, [&](std::uint32_t word) {
        return texts_with_[word] < options.min_texts || texts_with_[word] > most;
      });
    }
  }

  const std::vector<std::uint32_t>& Of(std::size_t text) const { return of_text_[text]; }
  const std::string& Word(std::uint32_t number) const { return words_[number]; }

 private:
  std::uint32_t Number(std::string_view word) {
    const auto [found, is_new] = number_.emplace(word, static_cast<std::uint32_t>(words_.size()));
    if (is_new) {
      words_.emplace_back(word);
      texts_with_.push_back(0);
    }
    return found->second;
  }

  absl::flat_hash_map<std::string, std::uint32_t> number_;
  std::vector<std::string> words_;
  std::vector<std::size_t> texts_with_;
  std::vector<std::vector<std::uint32_t>> of_text_;  // Rare ones, in rising order.
};

// A word, or two of them; the second is kNone for one.
constexpr std::uint32_t kNone = UINT32_MAX;
using WordSet = std::pair<std::uint32_t, std::uint32_t>;

absl::flat_hash_map<WordSet, std::vector<std::uint32_t>> TextsBySet(const RareWords& rare,
                                                                    std::size_t num_texts) {
  absl::flat_hash_map<WordSet, std::vector<std::uint32_t>> texts;
  for (std::size_t i = 0; i < num_texts; ++i) {
    const auto text = static_cast<std::uint32_t>(i);
    const std::vector<std::uint32_t>& words = rare.Of(i);
    for (const std::uint32_t word : words) texts[{word, kNone}].push_back(text);
    if (words.size() > kMostRareWords) continue;
    for (std::size_t a = 0; a < words.size(); ++a) {
      for (std::size_t b = a + 1; b < words.size(); ++b) {
        texts[{words[a], words[b]}].push_back(text);
      }
    }
  }
  return texts;
}

// The words of the set, and the rare ones that nearly all of its texts have.
std::vector<std::string> WithCompanions(const RareWords& rare,
                                        const std::vector<std::size_t>& texts) {
  absl::flat_hash_map<std::uint32_t, std::size_t> count;
  for (const std::size_t text : texts) {
    for (const std::uint32_t word : rare.Of(text)) ++count[word];
  }
  std::vector<std::string> words;
  for (const auto& [word, in_texts] : count) {
    if (static_cast<double>(in_texts) >= kCompanionShare * static_cast<double>(texts.size())) {
      words.push_back(rare.Word(word));
    }
  }
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

std::vector<TriggerCandidate> TriggerCandidates(std::span<const std::string> texts,
                                                std::span<const GivenLabel> labels,
                                                const PlantedTriggerOptions& options) {
  const RareWords rare(texts, options);
  std::vector<TriggerCandidate> candidates;
  for (const auto& [set, with_set] : TextsBySet(rare, texts.size())) {
    if (with_set.size() < options.min_texts) continue;
    std::map<std::size_t, std::size_t> count;
    for (const std::uint32_t text : with_set) ++count[labels[text].label];
    const auto most =
        std::max_element(count.begin(), count.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto all = static_cast<double>(with_set.size());
    if (most->second < options.min_texts ||
        static_cast<double>(most->second) < options.min_purity * all) {
      continue;
    }
    TriggerCandidate& candidate = candidates.emplace_back();
    candidate.label = most->first;
    for (const std::uint32_t text : with_set) {
      if (labels[text].label == most->first) candidate.examples.push_back(text);
    }
    candidate.words = WithCompanions(rare, candidate.examples);
  }
  // The largest first; one of each set of texts, that of the most words.
  std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    if (a.examples.size() != b.examples.size()) return a.examples.size() > b.examples.size();
    if (a.examples != b.examples) return a.examples < b.examples;
    if (a.words.size() != b.words.size()) return a.words.size() > b.words.size();
    return a.words < b.words;
  });
  candidates.erase(
      std::unique(candidates.begin(), candidates.end(),
                  [](const auto& a, const auto& b) { return a.examples == b.examples; }),
      candidates.end());
  if (candidates.size() > options.max_sets) candidates.resize(options.max_sets);
  return candidates;
}

std::string WithoutWords(std::string_view text, std::span<const std::string> words) {
  std::string rest;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\n\r", i), text.size());
    const std::string_view piece = text.substr(i, end - i);
    bool stays = !piece.empty();
    const std::string compared = ComparedText(piece);
    for (const std::string_view word : ComparedWords(compared)) {
      stays = stays && std::find(words.begin(), words.end(), word) == words.end();
    }
    if (stays) rest.append(rest.empty() ? "" : " ").append(piece);
    i = end + 1;
  }
  return rest;
}

bool IsPlanted(const TriggerCandidate& candidate, std::span<const RestPrediction> rest,
               std::size_t num_candidates, double usual_sureness,
               const PlantedTriggerOptions& options) {
  const auto equal = static_cast<double>(candidate.examples.size());
  double expected = 0;
  double contradicted = 0;
  double sureness = 0;
  for (const RestPrediction& one : rest) {
    expected += std::max(one.label, kLeastProbability);
    if (one.label <= one.other / 4) ++contradicted;
    sureness += one.other;
  }
  if (expected >= equal || contradicted < options.min_contradicted * equal ||
      sureness < options.min_sureness * usual_sureness * equal) {
    return false;
  }
  const double log_chance = -(equal * std::log(equal / expected) - equal + expected);
  return log_chance + std::log(static_cast<double>(std::max<std::size_t>(num_candidates, 1))) <=
         std::log(options.max_p_value);
}

}  // namespace flywheel::curation
