#include "curation_service/domain/label_noise_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "shared/status/check.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// The population before anything is known of it: mostly right.
constexpr double kInitialReliability = 0.8;
// Nobody is beyond doubt: at 1 no evidence could ever contradict them.
constexpr double kMaxReliability = 0.995;
constexpr float kMinProbability = 1e-12F;

constexpr std::array<float, 10> kTemperatures = {0.3F, 0.4F, 0.5F, 0.6F, 0.7F,
                                                 0.8F, 0.9F, 1.0F, 1.2F, 1.5F};
constexpr int kReliabilitySteps = 35;  // 0.30, 0.32 ... 0.98.
constexpr double kLowestReliability = 0.3;
constexpr double kReliabilityStep = 0.02;
constexpr double kCalibrationFloor = 0.01;
// A row of a thousand classes takes some ten microseconds.
constexpr int kRowsPerCheck = 2'000;

void ApplyTemperature(std::span<const float> row, float temperature, std::span<float> out) {
  const float highest = std::max(kMinProbability, *std::max_element(row.begin(), row.end()));
  float sum = 0.0F;
  for (std::size_t k = 0; k < row.size(); ++k) {
    const float ratio = std::max(kMinProbability, row[k]) / highest;
    out[k] = std::exp(std::log(ratio) / temperature);
    sum += out[k];
  }
  for (float& value : out) value /= sum;
}

// The best log-likelihood of the labels over the reliability of the untrusted ones, when each is
// right with that probability and uniform over the other classes otherwise.
double BestLogLikelihood(std::span<const GivenLabel> labels, std::span<const double> own,
                         std::size_t num_classes) {
  double best = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < kReliabilitySteps; ++step) {
    const double reliability = kLowestReliability + kReliabilityStep * step;
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double right = labels[i].trusted ? 1.0 : reliability;
      const double others = static_cast<double>(num_classes - 1);
      sum += std::log(right * own[i] + (1.0 - right) * (1.0 - own[i]) / others);
    }
    best = std::max(best, sum);
  }
  return best;
}

// The wrong labels of the annotators so far, as expected counts.
class WrongLabels {
 public:
  WrongLabels(std::size_t num_annotators, std::size_t num_classes, double prior)
      : by_annotator_(num_annotators, 0.0), num_classes_(num_classes), prior_(prior) {}

  void Add(const GivenLabel& given, double wrong) {
    if (given.annotator == kUnknownAnnotator) return;
    by_annotator_[given.annotator] += wrong;
    by_label_[Key(given)] += wrong;
  }

  // The share of the label among the annotator's wrong labels other than this one, of which
  // `own_share` has been added.
  double Favour(const GivenLabel& given, double own_share) const {
    if (given.annotator == kUnknownAnnotator) return 1.0 / static_cast<double>(num_classes_ - 1);
    const auto found = by_label_.find(Key(given));
    const double same = found == by_label_.end() ? 0.0 : found->second - own_share;
    const double all = by_annotator_[given.annotator] - own_share;
    return (std::max(0.0, same) + prior_ / static_cast<double>(num_classes_ - 1)) /
           (std::max(0.0, all) + prior_);
  }

 private:
  std::uint64_t Key(const GivenLabel& given) const {
    return given.annotator * num_classes_ + given.label;
  }

  std::vector<double> by_annotator_;
  absl::flat_hash_map<std::uint64_t, double> by_label_;
  std::size_t num_classes_;
  double prior_;
};

// Bayes over the true class; see EstimateLabelNoise for the model.
LabelPosterior Judge(std::span<const float> prediction, std::size_t given, double reliability,
                     double favour, const LabelConfusion& confusion,
                     const LabelNoiseOptions& options) {
  const auto num_classes = static_cast<double>(prediction.size());
  const auto floored = [&](std::size_t k) {
    return (1.0 - options.prediction_floor) * prediction[k] +
           options.prediction_floor / num_classes;
  };
  const double given_probability = floored(given);
  const double given_evidence = reliability * given_probability;
  double all_evidence = given_evidence;
  double best_evidence = -1.0;
  LabelPosterior posterior;
  for (std::size_t k = 0; k < prediction.size(); ++k) {
    if (k == given) continue;
    const double probability = floored(k);
    // Of all wrong labels of the class, which are at least those by habit.
    const double wrong = std::max(confusion.ShareOfAll(k), 1.0 - reliability);
    const double habit = confusion.Share(k, given) / wrong;
    const double other = options.plausible_share * given_probability / (1.0 - probability) +
                         (1.0 - options.plausible_share) * favour;
    const double evidence = (1.0 - reliability) * probability *
                            (habit + (1.0 - confusion.ShareOfAll(k) / wrong) * other);
    all_evidence += evidence;
    if (evidence > best_evidence) {
      best_evidence = evidence;
      posterior.alternative = k;
    }
  }
  posterior.given_is_true = given_evidence / all_evidence;
  posterior.alternative_is_true = best_evidence / all_evidence;
  return posterior;
}

// Reliability of each annotator (the mean of a Beta posterior around the population's mean), and of
// the population.
void EstimateReliability(std::span<const GivenLabel> labels, double prior_labels,
                         LabelNoiseEstimate& estimate) {
  const std::size_t num_annotators = estimate.reliability.size();
  const std::vector<LabelPosterior>& posteriors = estimate.posteriors;
  std::vector<double> right(num_annotators, 0.0);
  std::vector<double> given(num_annotators, 0.0);
  double all_right = 1.0;
  double all_given = 2.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].trusted) continue;
    all_right += posteriors[i].given_is_true;
    all_given += 1.0;
    if (labels[i].annotator == kUnknownAnnotator) continue;
    right[labels[i].annotator] += posteriors[i].given_is_true;
    given[labels[i].annotator] += 1.0;
  }
  const double mean = all_right / all_given;
  estimate.population = std::min(kMaxReliability, mean);
  for (std::size_t a = 0; a < num_annotators; ++a) {
    const double posterior = (right[a] + prior_labels * mean) / (given[a] + prior_labels);
    estimate.reliability[a] = std::min(kMaxReliability, posterior);
  }
}

}  // namespace

absl::StatusOr<LabelNoiseEstimate> EstimateLabelNoise(std::span<const GivenLabel> labels,
                                                      const ClassProbabilities& predictions,
                                                      std::size_t num_annotators,
                                                      const LabelConfusion& confusion,
                                                      const LabelNoiseOptions& options,
                                                      const Deadline& deadline) {
  const std::size_t num_classes = predictions.num_classes;
  FLYWHEEL_CHECK(num_classes >= 2 && predictions.values.size() == labels.size() * num_classes,
                 "two classes, and a prediction for each label and class");
  FLYWHEEL_CHECK(options.prediction_floor > 0.0, "a positive floor, for its logarithm is taken");
  LabelNoiseEstimate estimate;
  estimate.posteriors.resize(labels.size());
  estimate.reliability.assign(num_annotators, kInitialReliability);
  estimate.population = kInitialReliability;
  PeriodicCheck check(deadline, kRowsPerCheck);
  WrongLabels wrong_labels(num_annotators, num_classes, options.prior_wrong_labels);
  for (int iteration = 0; iteration < options.iterations; ++iteration) {
    WrongLabels next(num_annotators, num_classes, options.prior_wrong_labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      RETURN_IF_ERROR(check.Step());
      if (labels[i].trusted) continue;
      LabelPosterior& posterior = estimate.posteriors[i];
      // Before the first iteration every label counts as right.
      const double favour = wrong_labels.Favour(labels[i], 1.0 - posterior.given_is_true);
      const double reliability = labels[i].annotator == kUnknownAnnotator
                                     ? estimate.population
                                     : estimate.reliability[labels[i].annotator];
      posterior =
          Judge(predictions.Row(i), labels[i].label, reliability, favour, confusion, options);
      next.Add(labels[i], 1.0 - posterior.given_is_true);
    }
    wrong_labels = std::move(next);
    EstimateReliability(labels, options.prior_labels, estimate);
  }
  return estimate;
}

absl::Status CalibratePredictions(std::span<const GivenLabel> labels,
                                  ClassProbabilities& predictions, const Deadline& deadline) {
  PeriodicCheck check(deadline, kRowsPerCheck);
  const std::size_t num_classes = predictions.num_classes;
  std::vector<float> row(num_classes);
  std::vector<double> own(labels.size());
  double best_log_likelihood = -std::numeric_limits<double>::infinity();
  float best_temperature = 1.0F;
  for (const float temperature : kTemperatures) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      RETURN_IF_ERROR(check.Step());
      ApplyTemperature(predictions.Row(i), temperature, row);
      own[i] = (1.0 - kCalibrationFloor) * row[labels[i].label] +
               kCalibrationFloor / static_cast<double>(num_classes);
    }
    const double log_likelihood = BestLogLikelihood(labels, own, num_classes);
    if (log_likelihood > best_log_likelihood) {
      best_log_likelihood = log_likelihood;
      best_temperature = temperature;
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ApplyTemperature(predictions.Row(i), best_temperature, row);
    std::copy(row.begin(), row.end(), predictions.Row(i).begin());
  }
  return absl::OkStatus();
}

}  // namespace flywheel::curation
