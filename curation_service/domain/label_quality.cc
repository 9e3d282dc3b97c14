#include "curation_service/domain/label_quality.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "curation_service/domain/text_classifier.h"
#include "curation_service/domain/text_vectorizer.h"
#include "shared/status/check.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Rows that are believed less than this only cost time in training.
constexpr float kNegligibleWeight = 0.02F;

// Of a text, however many there are; kMaxFeaturesPerText at the most.
constexpr std::size_t kMinFeaturesPerText = 32;

// A text takes some twenty microseconds, a prediction over a thousand classes some fifty.
constexpr int kTextsPerCheck = 1'000;
constexpr int kPredictionsPerCheck = 1'000;

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

// The labels that are classes; see LabelQualityOptions.
absl::flat_hash_set<std::string_view> Classes(const std::vector<LabelledExample>& examples,
                                              const LabelQualityOptions& options) {
  absl::flat_hash_map<std::string_view, std::size_t> place_of_label;
  std::vector<std::pair<std::string_view, std::size_t>> labels;  // With their examples.
  for (const LabelledExample& example : examples) {
    const auto [found, is_new] = place_of_label.emplace(example.label, labels.size());
    if (is_new) labels.emplace_back(example.label, 0);
    ++labels[found->second].second;
  }
  std::erase_if(labels, [&](const auto& label) {
    return label.second < std::max<std::size_t>(1, options.min_examples_per_label);
  });
  const std::size_t most = std::min(
      options.max_classes, options.max_predictions / std::max<std::size_t>(1, examples.size()));
  if (labels.size() > most) {
    std::stable_sort(labels.begin(), labels.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    labels.resize(most);
  }
  absl::flat_hash_set<std::string_view> classes;
  for (const auto& [label, count] : labels) classes.insert(label);
  return classes;
}

JudgedExamples SelectJudged(const std::vector<LabelledExample>& examples,
                            const LabelQualityOptions& options) {
  const absl::flat_hash_set<std::string_view> classes = Classes(examples, options);
  JudgedExamples judged;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const LabelledExample& example = examples[i];
    if (!classes.contains(example.label)) continue;
    judged.positions.push_back(i);
    judged.labels.push_back({.label = judged.classes.Number(example.label),
                             .annotator = example.annotator.empty()
                                              ? kUnknownAnnotator
                                              : judged.annotators.Number(example.annotator),
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

absl::StatusOr<TextVectorizer> Vectorize(const std::vector<LabelledExample>& examples,
                                         const LabelQualityOptions& options,
                                         const Deadline& deadline, JudgedExamples& judged) {
  PeriodicCheck check(deadline, kTextsPerCheck);
  FeatureCounts counts(std::clamp(options.max_vector_values / judged.positions.size(),
                                  kMinFeaturesPerText, kMaxFeaturesPerText));
  for (const std::size_t position : judged.positions) {
    RETURN_IF_ERROR(check.Step());
    counts.Add(examples[position].input);
  }
  TextVectorizer vectorizer(counts, options.max_weights / judged.classes.size());
  judged.num_features = vectorizer.num_features();
  judged.vectors.reserve(judged.positions.size());
  for (const std::size_t position : judged.positions) {
    RETURN_IF_ERROR(check.Step());
    judged.vectors.push_back(vectorizer.Vectorize(examples[position].input));
  }
  return vectorizer;
}

// How sure predictions are on average of their most probable class.
double MeanOfTop(const ClassProbabilities& predictions) {
  const std::size_t rows = predictions.values.size() / predictions.num_classes;
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = predictions.Row(i);
    sum += *std::max_element(row.begin(), row.end());
  }
  return sum / static_cast<double>(std::max<std::size_t>(rows, 1));
}

// Looks for rare words that decide labels, while the classifiers of the first round are at hand.
class TriggerSearch {
 public:
  TriggerSearch(const std::vector<LabelledExample>& examples, const JudgedExamples& judged,
                const TextVectorizer& vectorizer, const PlantedTriggerOptions& options)
      : judged_(judged), vectorizer_(vectorizer), options_(options) {
    for (const std::size_t position : judged.positions) texts_.push_back(examples[position].input);
    candidates_ = TriggerCandidates(texts_, judged.labels, options);
    for (const TriggerCandidate& candidate : candidates_) {
      rest_.emplace_back(candidate.examples.size());
    }
  }

  absl::Status AddFold(std::size_t fold, const TextClassifier& classifier,
                       const Deadline& deadline) {
    PeriodicCheck check(deadline, kPredictionsPerCheck);
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      const TriggerCandidate& candidate = candidates_[c];
      for (std::size_t k = 0; k < candidate.examples.size(); ++k) {
        const std::size_t i = candidate.examples[k];
        if (judged_.folds[i] != fold) continue;
        RETURN_IF_ERROR(check.Step());
        std::vector<float> p = classifier.Probabilities(
            vectorizer_.Vectorize(WithoutWords(texts_[i], candidate.words)));
        const float own = std::exchange(p[candidate.label], 0.0F);
        rest_[c][k] = {own, *std::max_element(p.begin(), p.end())};
      }
    }
    return absl::OkStatus();
  }

  // By judged example. What is trusted is never one.
  std::vector<bool> Planted(const ClassProbabilities& predictions) const {
    std::vector<bool> planted(judged_.labels.size(), false);
    const double usual = MeanOfTop(predictions);
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (!IsPlanted(candidates_[c], rest_[c], candidates_.size(), usual, options_)) continue;
      for (const std::size_t i : candidates_[c].examples) planted[i] = !judged_.labels[i].trusted;
    }
    return planted;
  }

 private:
  const JudgedExamples& judged_;
  const TextVectorizer& vectorizer_;
  const PlantedTriggerOptions& options_;
  std::vector<std::string> texts_;
  std::vector<TriggerCandidate> candidates_;
  std::vector<std::vector<RestPrediction>> rest_;  // By candidate and its example.
};

// Asked once a fold, with the classifier that saw nothing of it.
using OnFold = absl::FunctionRef<absl::Status(std::size_t fold, const TextClassifier& classifier)>;

// The prediction for each example by a classifier that saw neither it nor an equal input.
absl::StatusOr<ClassProbabilities> PredictOutOfFold(const JudgedExamples& judged,
                                                    std::span<const float> weights,
                                                    std::size_t num_folds,
                                                    const TextClassifierOptions& options,
                                                    const Deadline& deadline, OnFold on_fold) {
  PeriodicCheck check(deadline, kPredictionsPerCheck);
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
    ASSIGN_OR_RETURN(
        const TextClassifier classifier,
        TextClassifier::Train(rows, judged.num_features, num_classes, options, deadline));
    for (std::size_t i = 0; i < judged.labels.size(); ++i) {
      if (judged.folds[i] != fold) continue;
      RETURN_IF_ERROR(check.Step());
      const std::vector<float> p = classifier.Probabilities(judged.vectors[i]);
      std::copy(p.begin(), p.end(), predictions.Row(i).begin());
    }
    RETURN_IF_ERROR(on_fold(fold, classifier));
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

absl::StatusOr<std::vector<LabelReview>> ReviewLabels(const std::vector<LabelledExample>& examples,
                                                      const LabelQualityOptions& options,
                                                      const Deadline& deadline) {
  FLYWHEEL_CHECK(options.folds >= 2 && options.rounds >= 1, "two folds and a round");
  std::vector<LabelReview> reviews(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    reviews[i].label = examples[i].label;
    if (examples[i].trusted) reviews[i].reason = LabelReason::kTrusted;
  }
  JudgedExamples judged = SelectJudged(examples, options);
  if (!LabelsFormClasses(judged, examples.size(), options)) return reviews;
  ASSIGN_OR_RETURN(const TextVectorizer vectorizer, Vectorize(examples, options, deadline, judged));

  TriggerSearch triggers(examples, judged, vectorizer, options.planted);
  std::vector<bool> planted(judged.labels.size(), false);
  std::vector<float> weights(judged.labels.size(), 1.0F);
  LabelNoiseEstimate estimate;
  for (int round = 0; round < options.rounds; ++round) {
    TextClassifierOptions classifier;
    classifier.regularization = round == 0 ? kFirstRegularization : kLaterRegularization;
    ASSIGN_OR_RETURN(
        ClassProbabilities predictions,
        PredictOutOfFold(judged, weights, static_cast<std::size_t>(options.folds), classifier,
                         deadline, [&](std::size_t fold, const TextClassifier& of_others) {
                           return round > 0 ? absl::OkStatus()
                                            : triggers.AddFold(fold, of_others, deadline);
                         }));
    if (round == 0 && Skill(judged, predictions) < options.min_skill) return reviews;
    if (round == 0) planted = triggers.Planted(predictions);
    RETURN_IF_ERROR(CalibratePredictions(judged.labels, predictions, deadline));
    const LabelConfusion confusion(judged.labels, predictions, options.confusion);
    RETURN_IF_ERROR(confusion.Undo(predictions, deadline));
    ASSIGN_OR_RETURN(estimate,
                     EstimateLabelNoise(judged.labels, predictions, judged.annotators.size(),
                                        confusion, options.noise, deadline));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = planted[i] ? 0.0F : static_cast<float>(estimate.posteriors[i].given_is_true);
    }
  }
  for (std::size_t i = 0; i < judged.labels.size(); ++i) {
    if (judged.labels[i].trusted) continue;
    if (planted[i]) {
      LabelReview& review = reviews[judged.positions[i]];
      review.decision = LabelDecision::kDrop;
      review.reason = LabelReason::kPlantedTrigger;
      review.confidence = 1 - options.planted.max_p_value;
      continue;
    }
    const std::size_t annotator = judged.labels[i].annotator;
    // Nobody in particular is never the reason.
    const double reliability =
        annotator == kUnknownAnnotator ? 1.0 : estimate.reliability[annotator];
    Decide(estimate.posteriors[i], reliability, judged.classes, options,
           reviews[judged.positions[i]]);
  }
  return reviews;
}

}  // namespace flywheel::curation
