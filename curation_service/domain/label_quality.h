#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "curation_service/domain/text_classifier.h"

namespace flywheel::curation {

struct LabelledExample {
  std::string input;
  std::string label;
  // Pseudonymous user who gave the label; empty = unknown.
  std::string annotator;
  // A curated row: never dropped or relabelled.
  bool trusted = false;
};

enum class LabelDecision { kKeep, kRelabel, kDrop };
enum class LabelReason { kAgreed, kTrusted, kNotJudged, kUnreliableAnnotator, kContradicted };

struct LabelReview {
  LabelDecision decision = LabelDecision::kKeep;
  LabelReason reason = LabelReason::kNotJudged;
  std::string label;
  double confidence = 1.0;
};

struct LabelQualityOptions {
  std::size_t min_examples = 100;
  std::size_t min_examples_per_label = 3;
  double min_class_share = 0.8;
  double min_skill = 0.2;
  int folds = 5;
  int rounds = 2;
  int em = 10;
  double prior_strength = 4.0;
  double plausible_share = 0.5;
  double floor = 0.01;
  double keep = 0.5;
  double relabel = 0.7;
  double unreliable = 0.5;
  double favourite = 5.0;
  int epochs = 4; double lr = 4; double l2 = 0.2;
  int epochs2 = 4; double lr2 = 4; double l22 = 0.1;
  bool verbose = false;
};

std::vector<LabelReview> ReviewLabels(const std::vector<LabelledExample>& examples,
                                      const LabelQualityOptions& options);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_QUALITY_H_
