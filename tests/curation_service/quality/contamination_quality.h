// How well the wall keeps what a gate asks out of training, measured on real questions.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_CONTAMINATION_QUALITY_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_CONTAMINATION_QUALITY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "curation_service/domain/contamination_index.h"
#include "tests/curation_service/quality/figure.h"
#include "tests/curation_service/quality/rephrasing.h"

namespace flywheel::curation {

// What happened to some texts that were held against the eval side; shares of 0 to 1.
struct Flagged {
  size_t texts = 0;
  double blocked = 0;
  double reviewed = 0;
  // With the eval text that they came from as the best one.
  double right = 0;
};

// Eval texts and clean ones of one kind.
class WallTrial {
 public:
  // Every `eval_stride`-th question, from the first on, stands on the eval side; the others are
  // clean.
  WallTrial(const std::vector<std::string>& questions, size_t eval_stride);

  Flagged Clean() const;
  // Variants of the first 300 eval texts, of the eight kinds of SmallVariants.
  std::vector<Flagged> Variants() const;
  Flagged Rephrasings(RuleSet rules) const;

  // Seconds that it takes to make an index of the eval side, and to ask it for a text.
  double SecondsToIndex() const;
  double SecondsToFind() const;

 private:
  Flagged Count(const std::vector<std::string>& texts) const;

  std::vector<std::string> eval_;
  std::vector<std::string> clean_;
  WordFrequencies frequencies_;
};

// All of them; nothing where no real questions are at hand.
std::vector<Figure> ContaminationFigures();

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_CONTAMINATION_QUALITY_H_
