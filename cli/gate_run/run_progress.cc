#include "cli/gate_run/run_progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/table.h"

namespace flywheel::cli {
namespace {

// Sooner it is no news that somebody thinks.
constexpr absl::Duration kWorthSaying = absl::Seconds(5);

}  // namespace

std::string ProgressText(const RunProgressState& state,
                         const std::optional<WaitingQuestion>& longest) {
  const double seconds = std::max(absl::ToDoubleSeconds(state.elapsed), 0.001);
  std::string text = fmt::format("{} of {} asked, {} errors", WithThousands(state.done),
                                 WithThousands(state.total), WithThousands(state.errors));
  if (state.infrastructure_errors > 0) {
    text += fmt::format(", {} of the infrastructure", WithThousands(state.infrastructure_errors));
  }
  text += fmt::format(", {:.1f} a second", static_cast<double>(state.done) / seconds);
  if (state.cost_usd > 0) text += fmt::format(", ${:.2f}", state.cost_usd);
  if (!longest || longest->waited < kWorthSaying) return text;
  text += fmt::format(", waiting for case '{}'", longest->case_id);
  if (longest->attempt > 1) text += fmt::format(", attempt {},", longest->attempt);
  return text + fmt::format(" for {}",
                            absl::FormatDuration(absl::Trunc(longest->waited, absl::Seconds(1))));
}

}  // namespace flywheel::cli
