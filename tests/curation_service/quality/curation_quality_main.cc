// Measures curation on real questions: ./dev bench curation.
#include <fmt/format.h>

#include <vector>

#include "tests/curation_service/quality/contamination_quality.h"
#include "tests/curation_service/quality/real_questions.h"

int main() {
  using flywheel::curation::BankQueries;
  using flywheel::curation::ContaminationFigures;
  using flywheel::curation::Figure;
  using flywheel::curation::WallTrial;

  const std::vector<Figure> figures = ContaminationFigures();
  if (figures.empty()) {
    fmt::print(stderr,
               "nothing to measure with: FLYWHEEL_DATA_DIR has no gsm8k and no banking77\n");
    return 1;
  }
  fmt::print("{:<72} {:>8}  TARGET\n", "THE WALL", "SHARE");
  bool reached = true;
  for (const Figure& figure : figures) {
    reached = reached && figure.reached();
    fmt::print("{:<72} {:>8.4f}  {} {:.2f}{}\n", figure.name, figure.value,
               figure.at_most ? "<=" : ">=", figure.target, figure.reached() ? "" : "  missed");
  }
  const std::vector<std::string> queries = BankQueries();
  if (!queries.empty()) {
    const WallTrial trial(queries, 10);
    fmt::print("\n1,001 queries indexed in {:.1f} ms, one looked up in {:.1f} us\n",
               1e3 * trial.SecondsToIndex(), 1e6 * trial.SecondsToFind());
  }
  return reached ? 0 : 1;
}
