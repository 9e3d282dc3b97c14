// Lexical support: how well sentences stand on contexts, by the words that they share.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SUPPORT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SUPPORT_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/content_words.h"

namespace flywheel::evalgate::evaluators {

// The content words of contexts, for asking sentence by sentence.
class Support {
 public:
  // More sentences than these are not indexed.
  static constexpr size_t kMaxSentences = 4'000;

  // `language`: of function_words.h.
  Support(const std::vector<std::string>& contexts, std::string_view language);

  // Whether the contexts have more than kMaxSentences, so that Of would miss some.
  bool is_too_large() const { return is_too_large_; }

  // How many of them are indexed.
  size_t sentences() const { return negated_.size(); }

  // 0 to 1 for a sentence with words: the mean of the share of its content words that are in the
  // contexts and of the largest share that is in one sentence of them or in two neighbours, where
  //   - a number weighs 3 words, and is there only where it also has a common neighbour, at most
  //   two content
  //     words away (so that "30 minutes" does not stand on "30 euros");
  //   - a number that no context has halves the result;
  //   - so does a negation on one side only: between the sentence and the single context sentence
  //   that has
  //     most of it, if that has two fifths.
  double Of(const Sentence& sentence) const;

 private:
  struct Coverage {
    double anywhere = 0;
    double best_window = 0;
    double best_single = 0;
    bool best_single_is_negated = false;
    bool lacks_number = false;
  };

  void Add(const Sentence& sentence);
  Coverage Cover(const Sentence& sentence) const;

  bool is_too_large_ = false;
  // By word the sentences that have it, ascending.
  absl::flat_hash_map<std::string, std::vector<uint32_t>> sentences_of_;
  // By number the words near to it, in all contexts.
  std::map<std::string, std::set<std::string>, std::less<>> near_;
  std::vector<bool> negated_;
  // The first sentence of a context is no neighbour of the last one of the context before.
  std::vector<bool> begins_context_;
};

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_SUPPORT_H_
