#include "eval_gate_service/evaluators/groundedness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/content_words.h"
#include "eval_gate_service/evaluators/function_words.h"
#include "eval_gate_service/evaluators/support.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kMaxOutputSentences = 500;
constexpr int64_t kStepsOfPlace = 2;
// For a word in a set of words.
constexpr int64_t kStepsOfLook = 40;
constexpr const char* kNoContext = "the case has no context";

const std::vector<std::string>& RetrievedOf(const Case& one, const Output& output) {
  return output.contexts.empty() ? one.contexts : output.contexts;
}

class Groundedness final : public Evaluator {
 public:
  explicit Groundedness(bool by_retrieved) : by_retrieved_(by_retrieved) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    if (one.contexts.empty()) return NotApplicable(kNoContext);
    const std::vector<std::string>& contexts =
        by_retrieved_ ? RetrievedOf(one, output) : one.contexts;
    const std::string language = LanguageOf(contexts.front());
    const std::vector<Sentence> sentences = SentencesOf(output.text, language);
    if (sentences.empty()) return Failed("the output has no content word");
    const Support support(contexts, language);
    if (sentences.size() > kMaxOutputSentences || support.is_too_large()) {
      return Failed(fmt::format("got more than {} sentences, or more than {} of contexts",
                                kMaxOutputSentences, Support::kMaxSentences));
    }
    // A word may be in every sentence.
    size_t places = 0;
    for (const Sentence& sentence : sentences) places += sentence.words.size() + 2;
    if (!Work::Take(kStepsOfPlace * static_cast<int64_t>(places * support.sentences()))) {
      return TooMuchWork();
    }
    double sum = 0;
    double least = 1;
    size_t weakest = 0;
    for (size_t i = 0; i < sentences.size(); ++i) {
      const double supported = support.Of(sentences[i]);
      sum += supported;
      if (supported < least) {
        least = supported;
        weakest = i;
      }
    }
    const double mean = sum / static_cast<double>(sentences.size());
    return Score((mean + least) / 2,
                 fmt::format("sentence {} of {} has the least support, {:.2f}; {:.2f} on average",
                             weakest + 1, sentences.size(), least, mean));
  }

  const bool by_retrieved_;
};

enum class Of { kBest, kMean, kAll };

class ContextRelevance final : public Evaluator {
 public:
  explicit ContextRelevance(Of of) : of_(of) {}

 private:
  using WordSet = std::set<std::string>;

  Measured Measure(const Case& one, const Output& output) const override {
    if (one.contexts.empty()) return NotApplicable(kNoContext);
    const std::string language = LanguageOf(one.input);
    const WordSet asked = WordsOf(one.input, language);
    if (asked.empty()) return NotApplicable("the case's input has no content word");
    WordSet found;
    double best = 0;
    double sum = 0;
    const std::vector<std::string>& contexts = RetrievedOf(one, output);
    if (!Work::Take(kStepsOfLook * static_cast<int64_t>(contexts.size() * asked.size()))) {
      return TooMuchWork();
    }
    for (const std::string& context : contexts) {
      size_t shared = 0;
      const WordSet words = WordsOf(context, language);
      for (const std::string& word : asked) {
        if (!words.contains(word)) continue;
        ++shared;
        found.insert(word);
      }
      const double share = static_cast<double>(shared) / static_cast<double>(asked.size());
      best = std::max(best, share);
      sum += share;
    }
    return Score(
        ScoreOf(best, sum / static_cast<double>(contexts.size()),
                static_cast<double>(found.size()) / static_cast<double>(asked.size())),
        fmt::format("{} of {} content words of the input are in {} contexts, at most {:.2f} "
                    "in one",
                    found.size(), asked.size(), contexts.size(), best));
  }

  static WordSet WordsOf(std::string_view text, std::string_view language) {
    WordSet words;
    for (Sentence& sentence : SentencesOf(text, language)) {
      for (std::string& word : sentence.words) words.insert(std::move(word));
    }
    return words;
  }

  double ScoreOf(double best, double mean, double all) const {
    if (of_ == Of::kBest) return best;
    return of_ == Of::kMean ? mean : all;
  }

  const Of of_;
};

}  // namespace

MadeEvaluator MakeGroundedness(Parameters& parameters) {
  const std::string contexts = parameters.OneOf("contexts", {"case", "retrieved"});
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Groundedness>(contexts == "retrieved");
}

MadeEvaluator MakeContextRelevance(Parameters& parameters) {
  const std::string of = parameters.OneOf("of", {"best", "mean", "all"});
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<ContextRelevance>(of == "best" ? Of::kBest
                                                         : (of == "mean" ? Of::kMean : Of::kAll));
}

}  // namespace flywheel::evalgate::evaluators
