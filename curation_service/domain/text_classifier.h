#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace flywheel::curation {

// One text as a sparse vector: parallel arrays of feature numbers and values, of Euclidean length
// 1 (or empty when no feature of the text is known).
struct SparseVector {
  std::vector<std::uint32_t> features;
  std::vector<float> values;
};

// The features of a collection of texts: lower-cased words, pairs of neighbouring words, and the
// character n-grams (3 to 5) inside each word, hashed to 64 bits and weighted by TF-IDF. A feature
// that occurs in one text only tells nothing about another text and is left out.
//
// Immutable after construction, so safe to share between threads.
class TextVectorizer {
 public:
  explicit TextVectorizer(std::span<const std::string> texts);

  // The vector of any text, one of the collection or not.
  SparseVector Vectorize(std::string_view text) const;

  // Number of distinct features; every number in a vector is smaller.
  std::size_t size() const { return inverse_document_frequency_.size(); }

 private:
  absl::flat_hash_map<std::uint64_t, std::uint32_t> index_;
  std::vector<float> inverse_document_frequency_;
};

// A training or prediction set is a list of these; `weight` scales the step that an example takes
// (0 leaves the example out).
struct ClassifierExample {
  const SparseVector* vector = nullptr;
  std::size_t label = 0;
  float weight = 1.0F;
};

struct TextClassifierOptions {
  // Passes over the training set. More fits the training labels closer, mistakes included.
  int epochs = 8;
  // Size of the first gradient step; falls linearly to 0 over the whole training.
  float learning_rate = 8.0F;
  // Pull of every weight towards 0 per step, as a share of the step (L2 regularisation).
  float l2 = 0.0F;
  // Seed of the order in which the examples are visited.
  std::uint64_t seed = 1;
};

// Multinomial logistic regression over sparse text vectors, trained by stochastic gradient
// descent on one thread. The same examples, options and build give the same weights bit for bit.
//
//   TextVectorizer vectorizer(texts);
//   auto classifier = TextClassifier::Train(examples, vectorizer.size(), /*num_classes=*/3, {});
//   std::vector<float> p = classifier.Probabilities(vectorizer.Vectorize("where is my card"));
class TextClassifier {
 public:
  // REQUIRES: every label < num_classes, every feature number < num_features, num_classes > 0.
  static TextClassifier Train(std::span<const ClassifierExample> examples, std::size_t num_features,
                              std::size_t num_classes, const TextClassifierOptions& options);

  // The probability of every class; num_classes values that sum to 1.
  std::vector<float> Probabilities(const SparseVector& vector) const;

 private:
  TextClassifier(std::size_t num_features, std::size_t num_classes);

  void Score(const SparseVector& vector, std::vector<float>& scores) const;
  void Step(const ClassifierExample& example, float rate, std::vector<float>& scores,
            std::vector<std::uint32_t>& moved);

  std::size_t num_classes_;
  std::size_t stride_;  // num_classes_ rounded up to whole blocks, so that inner loops vectorise.
  std::vector<float> weights_;  // (num_features + 1) rows of stride_; the last row is the bias.
  float scale_ = 1.0F;          // True weight = scale_ * stored weight: makes L2 decay free.
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TEXT_CLASSIFIER_H_
