// Intent classifier: a fastText model from a query to an intent.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_INTENT_MODEL_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_INTENT_MODEL_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fasttext {
class FastText;
}

namespace flywheel::example {

// A query with the intent to learn for it.
struct TrainingExample {
  std::string text;
  std::string intent;
};

// An intent that the model believes in.
struct Guess {
  std::string intent;
  // 0 to 1; the guesses of one query need not sum to 1.
  double confidence = 0;
};

// Immutable once made, so thread-safe.
class IntentModel {
 public:
  // Trains on `examples` with one thread and a fixed seed, so that the same examples give the same
  // model, and writes it to `path`. INTERNAL where fastText fails.
  static absl::StatusOr<std::shared_ptr<const IntentModel>> Train(
      const std::vector<TrainingExample>& examples, const std::string& path);

  // Reads what Train wrote.
  static absl::StatusOr<std::shared_ptr<const IntentModel>> Load(const std::string& path);

  // The best `count` intents, best first; fewer where the model knows fewer.
  std::vector<Guess> Predict(std::string_view text, int count) const;

 private:
  explicit IntentModel(std::shared_ptr<const fasttext::FastText> model)
      : model_(std::move(model)) {}

  std::shared_ptr<const fasttext::FastText> model_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_INTENT_MODEL_H_
