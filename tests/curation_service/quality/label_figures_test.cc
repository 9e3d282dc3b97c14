#include "tests/curation_service/quality/label_figures.h"

#include <gtest/gtest.h>

namespace flywheel::curation {
namespace {

TEST(LabelFigures, AreAtLeastWhatIsPromised) {
  const std::vector<Figure> figures = LabelFigures(/*first_seed=*/501, /*seeds=*/1);
  if (figures.empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no banking77";
  for (const Figure& figure : figures) {
    // One draw varies.
    const double slack = figure.at_most ? 0.002 : -0.015;
    EXPECT_TRUE(
        Figure({figure.name, figure.value - slack, figure.target, figure.at_most}).reached())
        << figure.name << ": " << figure.value << ", want "
        << (figure.at_most ? "at most " : "at least ") << figure.target;
  }
}

}  // namespace
}  // namespace flywheel::curation
