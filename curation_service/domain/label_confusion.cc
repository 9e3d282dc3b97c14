#include "curation_service/domain/label_confusion.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kRowsPerCheck = 2'000;
constexpr double kTiny = 1e-12;

std::size_t Top(std::span<const float> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

// By class: how sure the classifier is of it on average, of the examples that have its label.
std::vector<double> MeanConfidence(std::span<const GivenLabel> labels,
                                   const ClassProbabilities& predictions) {
  std::vector<double> sum(predictions.num_classes, 0.0);
  std::vector<double> count(predictions.num_classes, 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    sum[labels[i].label] += predictions.Row(i)[labels[i].label];
    ++count[labels[i].label];
  }
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= std::max(count[k], 1.0);
  return sum;
}

}  // namespace

LabelConfusion::LabelConfusion(std::span<const GivenLabel> labels,
                               const ClassProbabilities& predictions,
                               const LabelConfusionOptions& options)
    : rounds_(options.rounds) {
  const std::size_t num_classes = predictions.num_classes;
  const std::vector<double> confidence = MeanConfidence(labels, predictions);
  std::vector<double> examples(num_classes, options.prior_examples);
  std::vector<absl::flat_hash_map<std::size_t, double>> given(num_classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].trusted) continue;
    const auto row = predictions.Row(i);
    const std::size_t truth = Top(row);
    if (row[truth] < confidence[truth]) continue;
    ++examples[truth];
    if (labels[i].label != truth) ++given[truth][labels[i].label];
  }
  std::vector<std::vector<Habit>> habits(num_classes);
  share_of_all_.assign(num_classes, 0.0);
  bool any = false;
  for (std::size_t truth = 0; truth < num_classes; ++truth) {
    for (const auto& [label, count] : given[truth]) {
      const double share = count / examples[truth];
      if (share < options.min_share) continue;
      habits[truth].push_back({label, share});
      share_of_all_[truth] += share;
      any = true;
    }
    std::sort(habits[truth].begin(), habits[truth].end(),
              [](const Habit& a, const Habit& b) { return a.given < b.given; });
    if (share_of_all_[truth] <= options.max_share) continue;
    const double scale = options.max_share / share_of_all_[truth];
    for (Habit& habit : habits[truth]) habit.share *= scale;
    share_of_all_[truth] = options.max_share;
  }
  if (any) habits_ = std::move(habits);
}

double LabelConfusion::Share(std::size_t truth, std::size_t given) const {
  if (habits_.empty()) return 0.0;
  for (const Habit& habit : habits_[truth]) {
    if (habit.given == given) return habit.share;
  }
  return 0.0;
}

absl::Status LabelConfusion::Undo(ClassProbabilities& predictions, const Deadline& deadline) const {
  if (habits_.empty()) return absl::OkStatus();
  PeriodicCheck check(deadline, kRowsPerCheck);
  const std::size_t num_classes = predictions.num_classes;
  std::vector<double> truth(num_classes), expected(num_classes), factor(num_classes);
  for (std::size_t i = 0; i < predictions.values.size() / num_classes; ++i) {
    RETURN_IF_ERROR(check.Step());
    const auto row = predictions.Row(i);
    truth.assign(row.begin(), row.end());
    for (int round = 0; round < rounds_; ++round) {
      // What would be given, of which the prediction is.
      for (std::size_t k = 0; k < num_classes; ++k) expected[k] = truth[k] * (1 - share_of_all_[k]);
      for (std::size_t k = 0; k < num_classes; ++k) {
        for (const Habit& habit : habits_[k]) expected[habit.given] += truth[k] * habit.share;
      }
      for (std::size_t k = 0; k < num_classes; ++k) factor[k] = row[k] / (expected[k] + kTiny);
      double sum = 0;
      for (std::size_t k = 0; k < num_classes; ++k) {
        double one = factor[k] * (1 - share_of_all_[k]);
        for (const Habit& habit : habits_[k]) one += factor[habit.given] * habit.share;
        truth[k] *= one;
        sum += truth[k];
      }
      for (double& value : truth) value /= sum + kTiny;
    }
    for (std::size_t k = 0; k < num_classes; ++k) row[k] = static_cast<float>(truth[k]);
  }
  return absl::OkStatus();
}

}  // namespace flywheel::curation
