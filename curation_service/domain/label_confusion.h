// Label confusion: which class is given for which by habit, and what that leaves of predictions.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_CONFUSION_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_CONFUSION_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "curation_service/domain/label_predictions.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

struct LabelConfusionOptions {
  // A class that is given for another one less often than in this share of its examples is a
  // mistake like others, and no habit.
  double min_share = 0.1;

  // So many examples of the class count as given right, so that a few odd ones make no habit.
  double prior_examples = 10.0;

  // Never is more of a class's examples than this taken for mistakes: where most are, nobody can
  // tell the class from the mistake.
  double max_share = 0.45;

  // Rounds by which the habit is taken out of a prediction.
  int rounds = 8;
};

// How often people give one class for another, of the whole population: the confusion matrix of
// Dawid and Skene (1979), of which only habits are kept, estimated from examples of whose class the
// classifier is as sure as it is of that class on average (Northcutt, Jiang and Chuang, Confident
// Learning, 2021).
class LabelConfusion {
 public:
  LabelConfusion() = default;
  // Predictions did not see the labels that they judge.
  LabelConfusion(std::span<const GivenLabel> labels, const ClassProbabilities& predictions,
                 const LabelConfusionOptions& options);

  // Whether any class is given for another one by habit.
  bool empty() const { return habits_.empty(); }

  // The share of the examples of `truth` to which `given` is given by habit; 0 where that is none.
  double Share(std::size_t truth, std::size_t given) const;
  // The sum of these over all other classes.
  double ShareOfAll(std::size_t truth) const {
    return habits_.empty() ? 0.0 : share_of_all_[truth];
  }

  // Turns predictions of what is given into predictions of what is true: what a classifier learns
  // from labels of a habit it predicts as well. By the rounds of Richardson (1972) and Lucy (1974).
  // Errors: those of `deadline`; the predictions are of no use then.
  absl::Status Undo(ClassProbabilities& predictions, const Deadline& deadline) const;

 private:
  struct Habit {
    std::size_t given = 0;
    double share = 0;
  };
  int rounds_ = 0;
  // By true class; empty where nobody has a habit at all.
  std::vector<std::vector<Habit>> habits_;
  std::vector<double> share_of_all_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_CONFUSION_H_
