// The figures that redaction is held to: what was measured, beside what it must reach.
#ifndef FLYWHEEL_TESTS_REDACTION_QUALITY_FIGURES_H_
#define FLYWHEEL_TESTS_REDACTION_QUALITY_FIGURES_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/redaction/quality/quality.h"

namespace flywheel::redaction {

struct Figure {
  std::string name;
  double value = 0;
  int of = 0;                    // How many it was counted over.
  std::optional<double> target;  // None for what is only told.
  bool is_ceiling = false;       // The target is the most, not the least.

  bool reaches_target() const {
    return !target.has_value() || (is_ceiling ? value <= *target : value >= *target);
  }
};

// F2 over all, over the core, persons, types, clean documents, answers and dialogues.
std::vector<Figure> Figures(const Quality& quality);

// For people: figures beside targets, recall and precision by type and what each type was taken for
// ("NAME 40, left 3"), recall by language and register, answers by kind.
std::string Report(const Quality& quality);

// The table by type of docs/redaction.md, as Markdown.
std::string MarkdownTable(const Quality& quality);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_QUALITY_FIGURES_H_
