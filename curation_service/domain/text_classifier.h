// A text classifier: multinomial logistic regression over sparse vectors.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/text_vectorizer.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// One row of a training set. Points at the vector, because the folds of a cross-validation share
// most of their rows.
struct TrainingExample {
  const SparseVector* vector = nullptr;
  std::size_t label = 0;  // Class number, from 0.
  float weight = 1.0F;    // Scales the step that the row causes; 0 has no effect.
};

struct TextClassifierOptions {
  // Passes over the training set. More passes fit its labels closer, mistakes included.
  int epochs = 4;

  // Size of the first gradient step; falls linearly to 0 over the whole training.
  float learning_rate = 4.0F;

  // Strength of the pull of all weights towards 0 (L2), for the training set as a whole: each step
  // shrinks by learning rate x this / number of rows. More makes the classifier more doubtful and
  // less able to memorise wrong labels.
  float regularization = 0.2F;

  // Seed of the order of the rows.
  std::uint64_t seed = 1;
};

// Multinomial logistic regression over sparse text vectors, trained by stochastic gradient descent
// in one thread. The same rows, options and build give the same bits.
//
//   TextVectorizer vectorizer(texts);
//   const auto classifier = TextClassifier::Train(rows, vectorizer.num_features(),
//                                                 /*num_classes=*/3, {}, Deadline());
//   std::vector<float> p = classifier->Probabilities(vectorizer.Vectorize("where is my card"));
//
// Thread-safe: immutable once trained.
class TextClassifier {
 public:
  // REQUIRES: num_classes > 0, every label < num_classes, every feature number < num_features.
  // Cost: rows x features of a row x num_classes per epoch; memory: num_features x num_classes
  // floats. Errors: those of `deadline`.
  static absl::StatusOr<TextClassifier> Train(std::span<const TrainingExample> rows,
                                              std::size_t num_features, std::size_t num_classes,
                                              const TextClassifierOptions& options,
                                              const Deadline& deadline);

  // The probability of every class, by class number; they sum to 1.
  std::vector<float> Probabilities(const SparseVector& vector) const;

 private:
  TextClassifier(std::size_t num_features, std::size_t num_classes);

  float* Row(std::size_t feature) { return weights_.data() + feature * stride_; }
  const float* Row(std::size_t feature) const { return weights_.data() + feature * stride_; }

  void Score(const SparseVector& vector, std::vector<float>& scores) const;
  void Step(const TrainingExample& row, float rate);
  void Rescale();  // Multiplies scale_ into the stored weights.

  std::size_t num_features_;
  std::size_t num_classes_;
  std::size_t stride_;          // num_classes_ rounded up to whole blocks of the inner loop.
  std::vector<float> weights_;  // A row of stride_ floats per feature, and one for the bias.
  float scale_ = 1.0F;          // True weight / stored weight: shrinks all of them in one product.

  // Scratch of Step, kept to save an allocation per row.
  std::vector<float> gradient_;
  std::vector<std::uint32_t> moving_classes_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_
