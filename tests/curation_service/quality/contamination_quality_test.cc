#include "tests/curation_service/quality/contamination_quality.h"

#include <gtest/gtest.h>

namespace flywheel::curation {
namespace {

TEST(ContaminationQuality, IsAtLeastWhatIsPromised) {
  const std::vector<Figure> figures = ContaminationFigures();
  if (figures.empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no gsm8k and no banking77";
  for (const Figure& figure : figures) {
    EXPECT_TRUE(figure.reached()) << figure.name << ": " << figure.value << ", want "
                                  << (figure.at_most ? "at most " : "at least ") << figure.target;
  }
}

}  // namespace
}  // namespace flywheel::curation
