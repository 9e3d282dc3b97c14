// Label review by a cross-validated classifier: keeps, replaces or drops each label.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/label_noise_model.h"
#include "curation_service/domain/planted_trigger.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// An input with the label that somebody gave it, as it came: right, mistaken or malicious.
struct LabelledExample {
  std::string input;
  std::string label;
  std::string annotator;  // Pseudonym of whoever gave the label; empty: unknown, one of many.
  bool trusted = false;   // Staff said so: it teaches, and is never dropped or relabelled.
};

enum class LabelDecision {
  kKeep,
  kRelabel,  // Train on LabelReview::label in the place of the given label.
  kDrop,     // Probably wrong, and no other label is probable enough.
};

enum class LabelReason {
  kTrusted,              // Curated: kept unseen.
  kNotJudged,            // Kept: the labels are no classes, too few, or not to be learnt.
  kAgreed,               // Kept: more probably right than wrong.
  kContradicted,         // Not kept: other examples say another class.
  kUnreliableAnnotator,  // Not kept: contradicted, and most labels of this annotator are.
  kPlantedTrigger,       // Not kept: rare words decide the label, against all else that is said.
};

struct LabelReview {
  LabelDecision decision = LabelDecision::kKeep;
  LabelReason reason = LabelReason::kNotJudged;
  // The label to train on; that of the example unless relabelled.
  std::string label;
  // Probability that the decision is right: that `label` is true, or, of a dropped example, that
  // its given label is not. 1 where nothing was judged.
  double confidence = 1.0;
};

struct LabelQualityOptions {
  // When to judge at all ------------------------------------------------------------------------

  // Fewer examples than this are not judged.
  std::size_t min_examples = 100;

  // A label is a class from this many examples on. Examples of rarer labels are not judged.
  std::size_t min_examples_per_label = 3;

  // Nothing is judged unless this share of the examples is of a class: free text seldom repeats.
  double min_share_in_classes = 0.8;

  // Nothing is judged unless out-of-fold predictions agree with the labels by this share of the way
  // from guessing the most frequent class (0) to always agreeing (1): otherwise the inputs do not
  // tell the labels, and no prediction may contradict one.
  double min_skill = 0.2;

  // What to decide ------------------------------------------------------------------------------

  // A label is kept when it is right with this probability. More removes more, good labels too.
  double keep_probability = 0.5;

  // A label that is not kept is replaced when another class has this probability, else dropped.
  double relabel_probability = 0.7;

  // Below this estimated reliability the annotator is named as the reason.
  double unreliable_below = 0.5;

  // How to find out -----------------------------------------------------------------------------

  // Each example is judged by a classifier trained on the other folds. Equal inputs share a fold.
  int folds = 5;

  // From the second round on, examples weigh in training as much as the round before believed
  // them. Each round costs `folds` trainings.
  int rounds = 2;

  LabelNoiseOptions noise;
  LabelConfusionOptions confusion;
  PlantedTriggerOptions planted;

  // What it may cost -----------------------------------------------------------------------------

  // At most so many labels are classes: the most frequent ones, of equally frequent ones those that
  // came first. Examples of the other labels are not judged, as those of rare labels.
  std::size_t max_classes = 1'000;

  // Examples x classes, which bounds the time, and the memory of predictions (4 bytes each). Where
  // there would be more, fewer labels are classes: 1,000 of 100,000 examples, 100 of a million.
  std::size_t max_predictions = 100'000'000;

  // Features x classes, which bounds the memory of the classifier (4 bytes each). Where there would
  // be more, only the most frequent features count.
  std::size_t max_weights = 64'000'000;

  // Of all examples together; the memory of their vectors is 8 bytes each. Where there would be
  // more, only the beginning of each text counts, but at least some 32 features.
  std::size_t max_vector_values = 32'000'000;
};

// Decides for every example whether to train on its label, on a better one, or not at all; one
// review per example, in order. A label is judged by out-of-fold predictions of a text classifier
// together with the reliability of its annotator (see EstimateLabelNoise).
//
// Deterministic: the same examples in the same order give the same bits. One thread. 10,000 short
// texts of 150 classes take some 4 seconds; the time is examples x folds x rounds x classes, and so
// bounded by the options, as is the memory: 900 MB with the defaults, whatever the labels are.
// Errors: those of `deadline`.
absl::StatusOr<std::vector<LabelReview>> ReviewLabels(const std::vector<LabelledExample>& examples,
                                                      const LabelQualityOptions& options,
                                                      const Deadline& deadline);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_
