// Measures curation on real questions: ./dev bench curation.
#include <fmt/format.h>

#include <vector>

#include "tests/curation_service/quality/contamination_quality.h"
#include "tests/curation_service/quality/label_figures.h"
#include "tests/curation_service/quality/real_questions.h"

namespace flywheel::curation {
namespace {

// Draws that no threshold was chosen by.
constexpr std::uint64_t kFirstSeed = 1'001;
constexpr int kSeeds = 3;

// True where all are reached.
bool Print(const char* heading, const std::vector<Figure>& figures) {
  fmt::print("{:<72} {:>8}  TARGET\n", heading, "SHARE");
  bool reached = true;
  for (const Figure& figure : figures) {
    reached = reached && figure.reached();
    fmt::print("{:<72} {:>8.4f}  {} {:.3f}{}\n", figure.name, figure.value,
               figure.at_most ? "<=" : ">=", figure.target, figure.reached() ? "" : "  missed");
  }
  fmt::print("\n");
  return reached;
}

int Run() {
  const std::vector<Figure> wall = ContaminationFigures();
  if (wall.empty()) {
    fmt::print(stderr,
               "nothing to measure with: FLYWHEEL_DATA_DIR has no gsm8k and no banking77\n");
    return 1;
  }
  const bool wall_holds = Print("THE WALL", wall);
  const std::vector<std::string> queries = BankQueries();
  if (!queries.empty()) {
    const WallTrial trial(queries, 10);
    fmt::print("1,001 queries indexed in {:.1f} ms, one looked up in {:.1f} us\n\n",
               1e3 * trial.SecondsToIndex(), 1e6 * trial.SecondsToFind());
  }
  const bool labels_hold = Print("LABELS", LabelFigures(kFirstSeed, kSeeds));
  return wall_holds && labels_hold ? 0 : 1;
}

}  // namespace
}  // namespace flywheel::curation

int main() { return flywheel::curation::Run(); }
