#include "eval_gate_service/evaluators/support.h"

#include <algorithm>

namespace flywheel::evalgate::evaluators {
namespace {

constexpr double kNumberWeight = 3;
constexpr double kDoubt = 0.5;
constexpr double kEnoughForNegation = 0.4;
constexpr size_t kNear = 2;

// The words at most kNear places from the one at `place`, numbers left out.
std::vector<std::string_view> Neighbours(const Sentence& sentence, size_t place) {
  std::vector<std::string_view> near;
  const size_t first = place < kNear ? 0 : place - kNear;
  const size_t last = std::min(place + kNear + 1, sentence.words.size());
  for (size_t i = first; i < last; ++i) {
    if (!IsNumber(sentence.words[i])) near.push_back(sentence.words[i]);
  }
  return near;
}

}  // namespace

Support::Support(const std::vector<std::string>& contexts, std::string_view language) {
  for (const std::string& context : contexts) {
    bool begins = true;
    for (const Sentence& sentence : SentencesOf(context, language)) {
      if (negated_.size() >= kMaxSentences) {
        is_too_large_ = true;
        return;
      }
      begins_context_.push_back(begins);
      begins = false;
      Add(sentence);
    }
  }
}

void Support::Add(const Sentence& sentence) {
  const auto number = static_cast<uint32_t>(negated_.size());
  negated_.push_back(sentence.is_negated);
  for (size_t i = 0; i < sentence.words.size(); ++i) {
    const std::string& word = sentence.words[i];
    std::vector<uint32_t>& places = sentences_of_[word];
    if (places.empty() || places.back() != number) places.push_back(number);
    if (!IsNumber(word)) continue;
    for (const std::string_view near : Neighbours(sentence, i)) near_[word].emplace(near);
  }
}

Support::Coverage Support::Cover(const Sentence& sentence) const {
  std::vector<double> single(negated_.size(), 0);
  // Element i stands for sentences i and i + 1 of one context.
  std::vector<double> pair(negated_.size(), 0);
  Coverage coverage;
  double total = 0;
  for (size_t i = 0; i < sentence.words.size(); ++i) {
    const std::string& word = sentence.words[i];
    const double weight = IsNumber(word) ? kNumberWeight : 1;
    total += weight;
    const auto places = sentences_of_.find(word);
    if (places == sentences_of_.end()) {
      coverage.lacks_number = coverage.lacks_number || IsNumber(word);
      continue;
    }
    if (const auto near = near_.find(word); near != near_.end()) {
      const std::vector<std::string_view> ours = Neighbours(sentence, i);
      const bool shares = std::any_of(ours.begin(), ours.end(), [&](std::string_view neighbour) {
        return near->second.contains(std::string(neighbour));
      });
      if (!ours.empty() && !shares) continue;
    }
    coverage.anywhere += weight;
    uint32_t last_pair = UINT32_MAX;
    for (const uint32_t place : places->second) {
      single[place] += weight;
      if (!begins_context_[place] && last_pair != place - 1) pair[place - 1] += weight;
      pair[place] += weight;
      last_pair = place;
    }
  }
  for (size_t i = 0; i < single.size(); ++i) {
    if (single[i] > coverage.best_single) {
      coverage.best_single = single[i];
      coverage.best_single_is_negated = negated_[i];
    }
    coverage.best_window = std::max({coverage.best_window, single[i], pair[i]});
  }
  coverage.anywhere /= total;
  coverage.best_window /= total;
  coverage.best_single /= total;
  return coverage;
}

double Support::Of(const Sentence& sentence) const {
  if (sentence.words.empty()) return 0;
  const Coverage coverage = Cover(sentence);
  double support = (coverage.anywhere + coverage.best_window) / 2;
  if (coverage.lacks_number) support *= kDoubt;
  if (coverage.best_single >= kEnoughForNegation &&
      coverage.best_single_is_negated != sentence.is_negated) {
    support *= kDoubt;
  }
  return support;
}

}  // namespace flywheel::evalgate::evaluators
