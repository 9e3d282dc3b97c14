// A figure, what it shall be, and whether that is reached.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_FIGURE_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_FIGURE_H_

#include <string>

namespace flywheel::curation {

struct Figure {
  std::string name;
  double value = 0;
  double target = 0;
  bool at_most = false;

  bool reached() const { return at_most ? value <= target : value >= target; }
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_FIGURE_H_
