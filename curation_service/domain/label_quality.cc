#include "curation_service/domain/label_quality.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/text_classifier.h"
#include "curation_service/domain/text_vectorizer.h"

namespace flywheel::curation {
namespace {

// Rows that are believed less than this only cost time in training.
constexpr float kNegligibleWeight = 0.02F;

// Labels that are not cleaned yet need a stronger pull against memorising them.
constexpr float kFirstRegularization = 0.2F;
constexpr float kLaterRegularization = 0.1F;

// Numbers strings from 0 in the order of their first use.
class Numbering {
 public:
  std::size_t Number(const std::string& name) {
    const auto [entry, is_new] = number_.emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return entry->second;
  }
  std::size_t size() const { return names_.size(); }
  const std::string& Name(std::size_t number) const { return names_[number]; }

 private:
  absl::flat_hash_map<std::string, std::size_t> number_;
  std::vector<std::string> names_;
};

// The examples whose labels are classes, in numbers.
struct JudgedExamples {
  std::vector<std::size_t> positions;  // In the caller's list.
  std::vector<GivenLabel> labels;
  std::vector<std::size_t> folds;
  std::vector<SparseVector> vectors;
  std::size_t num_features = 0;
  Numbering classes;
  Numbering annotators;
};

// FNV-1a with a final mix: absl::Hash is seeded per process, and the folds must not be.
std::uint64_t StableHash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 29);
}

JudgedExamples SelectJudged(const std::vector<LabelledExample>& examples,
                            const LabelQualityOptions& options) {
  absl::flat_hash_map<std::string_view, std::size_t> examples_of_label;
  for (const LabelledExample& example : examples) ++examples_of_label[example.label];
  JudgedExamples judged;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const LabelledExample& example = examples[i];
    if (examples_of_label[example.label] < options.min_examples_per_label) continue;
    judged.positions.push_back(i);
    judged.labels.push_back({.label = judged.classes.Number(example.label),
                             .annotator = judged.annotators.Number(example.annotator),
                             .trusted = example.trusted});
    judged.folds.push_back(StableHash(example.input) % static_cast<std::uint64_t>(options.folds));
  }
  return judged;
}

bool LabelsFormClasses(const JudgedExamples& judged, std::size_t num_examples,
                       const LabelQualityOptions& options) {
  const auto num_judged = static_cast<double>(judged.positions.size());
  return judged.positions.size() >= options.min_examples && judged.classes.size() >= 2 &&
         num_judged >= options.min_share_in_classes * static_cast<double>(num_examples);
}

void Vectorize(const std::vector<LabelledExample>& examples, JudgedExamples& judged) {
  std::vector<std::string> inputs;
  for (const std::size_t position : judged.positions) inputs.push_back(examples[position].input);
  const TextVectorizer vectorizer(inputs);
  judged.num_features = vectorizer.num_features();
  for (const std::string& input : inputs) judged.vectors.push_back(vectorizer.Vectorize(input));
}

// The prediction for each example by a classifier that saw neither it nor an equal input.
ClassProbabilities PredictOutOfFold(const JudgedExamples& judged, std::span<const float> weights,
                                    std::size_t num_folds, const TextClassifierOptions& options) {
  const std::size_t num_classes = judged.classes.size();
  ClassProbabilities predictions{
      .num_classes = num_classes,
      .values = std::vector<float>(judged.labels.size() * num_classes, 0.0F)};
  for (std::size_t fold = 0; fold < num_folds; ++fold) {
    std::vector<TrainingExample> rows;
    for (std::size_t i = 0; i < judged.labels.size(); ++i) {
      if (judged.folds[i] == fold || weights[i] < kNegligibleWeight) continue;
      rows.push_back({&judged.vectors[i], judged.labels[i].label, weights[i]});
    }
    const auto classifier = TextClassifier::Train(rows, judged.num_features, num_classes, options);
    for (std::size_t i = 0; i < judged.labels.size(); ++i) {
      if (judged.folds[i] != fold) continue;
      const std::vector<float> p = classifier.Probabilities(judged.vectors[i]);
      std::copy(p.begin(), p.end(), predictions.Row(i).begin());
    }
  }
  return predictions;
}

// Agreement of the predictions with the labels: 0 as good as guessing the most frequent class, 1
// always.
double Skill(const JudgedExamples& judged, const ClassProbabilities& predictions) {
  std::vector<std::size_t> examples_of_class(judged.classes.size(), 0);
  std::size_t agreed = 0;
  for (std::size_t i = 0; i < judged.labels.size(); ++i) {
    ++examples_of_class[judged.labels[i].label];
    const auto row = predictions.Row(i);
    const auto top = std::max_element(row.begin(), row.end()) - row.begin();
    if (static_cast<std::size_t>(top) == judged.labels[i].label) ++agreed;
  }
  const auto most = *std::max_element(examples_of_class.begin(), examples_of_class.end());
  const auto rest = static_cast<double>(judged.labels.size() - most);
  return (static_cast<double>(agreed) - static_cast<double>(most)) / rest;
}

void Decide(const LabelPosterior& posterior, double reliability, const Numbering& classes,
            const LabelQualityOptions& options, LabelReview& review) {
  if (posterior.given_is_true >= options.keep_probability) {
    review.reason = LabelReason::kAgreed;
    review.confidence = posterior.given_is_true;
    return;
  }
  review.reason = reliability < options.unreliable_below ? LabelReason::kUnreliableAnnotator
                                                         : LabelReason::kContradicted;
  if (posterior.alternative_is_true >= options.relabel_probability) {
    review.decision = LabelDecision::kRelabel;
    review.label = classes.Name(posterior.alternative);
    review.confidence = posterior.alternative_is_true;
  } else {
    review.decision = LabelDecision::kDrop;
    review.confidence = 1.0 - posterior.given_is_true;
  }
}

}  // namespace

std::vector<LabelReview> ReviewLabels(const std::vector<LabelledExample>& examples,
                                      const LabelQualityOptions& options) {
  assert(options.folds >= 2 && options.rounds >= 1);
  std::vector<LabelReview> reviews(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    reviews[i].label = examples[i].label;
    if (examples[i].trusted) reviews[i].reason = LabelReason::kTrusted;
  }
  JudgedExamples judged = SelectJudged(examples, options);
  if (!LabelsFormClasses(judged, examples.size(), options)) return reviews;
  Vectorize(examples, judged);

  std::vector<float> weights(judged.labels.size(), 1.0F);
  LabelNoiseEstimate estimate;
  for (int round = 0; round < options.rounds; ++round) {
    TextClassifierOptions classifier;
    classifier.regularization = round == 0 ? kFirstRegularization : kLaterRegularization;
    ClassProbabilities predictions =
        PredictOutOfFold(judged, weights, static_cast<std::size_t>(options.folds), classifier);
    if (round == 0 && Skill(judged, predictions) < options.min_skill) return reviews;
    CalibratePredictions(judged.labels, predictions);
    estimate =
        EstimateLabelNoise(judged.labels, predictions, judged.annotators.size(), options.noise);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = static_cast<float>(estimate.posteriors[i].given_is_true);
    }
  }
  for (std::size_t i = 0; i < judged.labels.size(); ++i) {
    if (judged.labels[i].trusted) continue;
    Decide(estimate.posteriors[i], estimate.reliability[judged.labels[i].annotator], judged.classes,
           options, reviews[judged.positions[i]]);
  }
  return reviews;
}

}  // namespace flywheel::curation
