#include "curation_service/domain/text_classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "shared/status/check.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Floats per inner loop (a cache line): a constant trip count is what -O2 vectorises.
constexpr std::size_t kBlock = 16;
// Classes whose gradient is smaller stay: that is most of 100 classes, most of the time.
constexpr float kNegligibleGradient = 2e-3F;
// From one moving class in this many on, adding whole rows beats adding single floats.
constexpr std::size_t kSparseShare = 8;
// The bias learns this much slower than a feature, lest frequent classes win by frequency.
constexpr float kBiasRate = 0.1F;
// e^-20 vanishes beside 1 in a float.
constexpr float kNegligibleLogOdds = -20.0F;
// Below this the stored weights would grow out of the exact range of a float.
constexpr float kMinScale = 1e-4F;
// A row of a thousand classes takes some fifty microseconds.
constexpr int kRowsPerCheck = 1'000;
// Rows of weights lie all over the memory: fetching this many ahead hides the wait.
constexpr std::size_t kPrefetchAhead = 2;

void AddScaled(float scale, const float* __restrict row, float* __restrict out,
               std::size_t stride) {
  for (std::size_t block = 0; block < stride; block += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) out[block + i] += scale * row[block + i];
  }
}

void Prefetch(const float* row, std::size_t stride) {
  for (std::size_t block = 0; block < stride; block += kBlock) __builtin_prefetch(row + block);
}

void Softmax(std::span<float> scores) {
  const float highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0.0F;
  for (float& score : scores) {
    const float log_odds = score - highest;
    score = log_odds < kNegligibleLogOdds ? 0.0F : std::exp(log_odds);
    sum += score;
  }
  for (float& score : scores) score /= sum;
}

// Fisher-Yates over SplitMix64: std::shuffle may differ between standard libraries.
void Shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed) {
  for (std::size_t i = order.size(); i > 1; --i) {
    std::uint64_t random = (seed += 0x9e3779b97f4a7c15ULL);
    random = (random ^ (random >> 30)) * 0xbf58476d1ce4e5b9ULL;
    random = (random ^ (random >> 27)) * 0x94d049bb133111ebULL;
    random ^= random >> 31;
    std::swap(order[i - 1], order[random % i]);
  }
}

}  // namespace

TextClassifier::TextClassifier(std::size_t num_features, std::size_t num_classes)
    : num_features_(num_features),
      num_classes_(num_classes),
      stride_((num_classes + kBlock - 1) / kBlock * kBlock),
      weights_((num_features + 1) * stride_, 0.0F) {}

absl::StatusOr<TextClassifier> TextClassifier::Train(std::span<const TrainingExample> rows,
                                                     std::size_t num_features,
                                                     std::size_t num_classes,
                                                     const TextClassifierOptions& options,
                                                     const Deadline& deadline) {
  FLYWHEEL_CHECK(num_classes > 0, "a class");
  TextClassifier classifier(num_features, num_classes);
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  const double num_steps = static_cast<double>(options.epochs) * static_cast<double>(rows.size());
  const float pull =
      options.regularization / static_cast<float>(std::max<std::size_t>(1, rows.size()));
  double steps_done = 0.0;
  PeriodicCheck check(deadline, kRowsPerCheck);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    Shuffle(order, options.seed + static_cast<std::uint64_t>(epoch));
    for (const std::uint32_t i : order) {
      RETURN_IF_ERROR(check.Step());
      const float rate = options.learning_rate * static_cast<float>(1.0 - steps_done++ / num_steps);
      classifier.scale_ *= std::max(0.0F, 1.0F - rate * pull);
      if (classifier.scale_ < kMinScale) classifier.Rescale();
      classifier.Step(rows[i], rate);
    }
  }
  classifier.Rescale();
  return classifier;
}

void TextClassifier::Rescale() {
  for (float& weight : weights_) weight *= scale_;
  scale_ = 1.0F;
}

void TextClassifier::Score(const SparseVector& vector, std::vector<float>& scores) const {
  scores.assign(Row(num_features_), Row(num_features_) + stride_);
  const std::size_t size = vector.features.size();
  for (std::size_t j = 0; j < size; ++j) {
    if (j + kPrefetchAhead < size) Prefetch(Row(vector.features[j + kPrefetchAhead]), stride_);
    AddScaled(vector.values[j], Row(vector.features[j]), scores.data(), stride_);
  }
  for (float& score : scores) score *= scale_;
}

void TextClassifier::Step(const TrainingExample& row, float rate) {
  FLYWHEEL_CHECK(row.label < num_classes_, "a label that the classifier was made for");
  // The gradient of the log-loss in the scores: probability minus truth. Padding stays 0.
  Score(*row.vector, gradient_);
  Softmax(std::span(gradient_).first(num_classes_));
  gradient_[row.label] -= 1.0F;

  moving_classes_.clear();
  for (std::size_t k = 0; k < num_classes_; ++k) {
    if (std::abs(gradient_[k]) > kNegligibleGradient) {
      moving_classes_.push_back(static_cast<std::uint32_t>(k));
    }
  }
  const bool dense = moving_classes_.size() * kSparseShare > num_classes_;
  const float step = -rate * row.weight / scale_;
  const auto add_to = [&](float* weights, float scale) {
    if (dense) return AddScaled(scale, gradient_.data(), weights, stride_);
    for (const std::uint32_t k : moving_classes_) weights[k] += scale * gradient_[k];
  };
  for (std::size_t j = 0; j < row.vector->features.size(); ++j) {
    add_to(Row(row.vector->features[j]), step * row.vector->values[j]);
  }
  add_to(Row(num_features_), step * kBiasRate);
}

std::vector<float> TextClassifier::Probabilities(const SparseVector& vector) const {
  std::vector<float> scores;
  Score(vector, scores);
  scores.resize(num_classes_);
  Softmax(scores);
  return scores;
}

}  // namespace flywheel::curation
