// Label noise model: estimates which labels are wrong, and how reliable each annotator is.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_NOISE_MODEL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_NOISE_MODEL_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/label_confusion.h"
#include "curation_service/domain/label_predictions.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

struct LabelNoiseOptions {
  // The population's mean reliability counts as this many labels of every annotator, so that
  // nobody is condemned for one or two odd labels.
  double prior_labels = 4.0;

  // How much of an annotator's wrong labels must look alike before their favourite wrong label is
  // held against them; in labels.
  double prior_wrong_labels = 5.0;

  // Share of the wrong labels that are plausible mistakes (drawn by the classifier's own doubts);
  // the rest falls on any class.
  double plausible_share = 0.5;

  // Share of every prediction that is spread over all classes, because a classifier that is sure
  // can be wrong. Above 0.
  double prediction_floor = 0.01;

  // Rounds of expectation-maximisation.
  int iterations = 10;
};

// What can be said of one label.
struct LabelPosterior {
  double given_is_true = 1.0;        // Probability that the given label is the true one.
  std::size_t alternative = 0;       // The most probable other class,
  double alternative_is_true = 0.0;  // and its probability.
};

struct LabelNoiseEstimate {
  std::vector<LabelPosterior> posteriors;  // By example.
  std::vector<double> reliability;         // By annotator: probability that a label is right.
  double population = 0.0;                 // Of everybody together, and so of an unknown annotator.
};

// Estimates at once which labels are wrong and how reliable each annotator is, from predictions
// that did not see the labels that they judge. The model, of a label y of annotator a on an example
// with true class t and prediction p:
//   P(t = k)        = p(k)
//   P(y = t | a)    = reliability(a)
//   P(y | t = k, a) = (1 - reliability(a)) x (habit(k, y) + (1 - sum of habit(k, .))
//                         x (plausible_share x p(y) / (1 - p(k)) + (1 - plausible_share) x
//                         favour(a, y)))
// where favour(a, y) is the share of y among the other wrong labels of a, smoothed to uniform, and
// habit(k, y) the share of y among the wrong labels of examples of class k (LabelConfusion), for
// which the caller has undone the habit in the predictions.
// Expectation-maximisation alternates the posterior of t with the reliabilities, which have a Beta
// prior around the population's mean. After Dawid and Skene (1979), with a classifier in the place
// of the second annotator (Raykar et al., Learning from Crowds, 2010).
//
// REQUIRES: predictions have a row per label and at least two classes; numbers are in range.
// Errors: those of `deadline`.
absl::StatusOr<LabelNoiseEstimate> EstimateLabelNoise(std::span<const GivenLabel> labels,
                                                      const ClassProbabilities& predictions,
                                                      std::size_t num_annotators,
                                                      const LabelConfusion& confusion,
                                                      const LabelNoiseOptions& options,
                                                      const Deadline& deadline);

// Sharpens or flattens all predictions (p^(1/temperature), normalised) so that they explain the
// labels best when an unknown share of the untrusted ones is wrong at random. Predictions learnt
// from noisy labels are too doubtful otherwise. Errors: those of `deadline`; the predictions are
// of no use then.
absl::Status CalibratePredictions(std::span<const GivenLabel> labels,
                                  ClassProbabilities& predictions, const Deadline& deadline);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_NOISE_MODEL_H_
