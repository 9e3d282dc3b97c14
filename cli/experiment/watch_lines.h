// Watch lines: what `flywheel experiment watch` writes of each analysis.
#ifndef FLYWHEEL_CLI_EXPERIMENT_WATCH_LINES_H_
#define FLYWHEEL_CLI_EXPERIMENT_WATCH_LINES_H_

#include <map>
#include <string>

#include "cli/experiment/lift_bar.h"
#include "flywheel/experiment/v1/experiment.pb.h"

namespace flywheel::cli {

// How they look.
struct WatchStyle {
  // Columns with a bar, for a terminal; else sentences.
  bool bars = false;
  bool colours = false;
  // Of the terminal; 0: not known, and as wide as need be.
  int columns = 0;
  // How far the bars reach to both sides of 0; 0: LiftBar::ReachFor the goal.
  double reach = 0;

  // Whether a row of columns does not fit: then there are two lines a treatment.
  bool IsNarrow() const;
};

// Writes a line a treatment where something of it changed, so that a terminal shows below each
// other how an experiment went. Not thread-safe.
class WatchLines {
 public:
  WatchLines(experiment::v1::Experiment experiment, WatchStyle style);

  // Each line ended; before the first one a heading, where there are bars.
  std::string Of(const experiment::v1::Analysis& analysis);

 private:
  // A treatment without the time.
  std::string RowOf(const experiment::v1::Analysis& analysis,
                    const experiment::v1::Comparison& comparison) const;
  // The scale and the columns' names.
  std::string Heading() const;

  const experiment::v1::Experiment experiment_;
  const WatchStyle style_;
  // Of the plan, so that all bars can be compared.
  const bool relative_scale_;
  const double goal_;
  const double reach_;
  const LiftBar bar_;
  // What was written of each arm last.
  std::map<std::string, std::string> written_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_WATCH_LINES_H_
