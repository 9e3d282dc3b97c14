#include "cli/gate_run/run_progress.h"

#include <gtest/gtest.h>

#include <optional>

namespace flywheel::cli {
namespace {

TEST(RunProgress, SaysWhichCaseIsWaitedFor) {
  const RunProgressState state{
      .done = 12, .total = 1'050, .errors = 1, .elapsed = absl::Seconds(4)};
  EXPECT_EQ(ProgressText(state, std::nullopt), "12 of 1,050 asked, 1 errors, 3.0 a second");
  const WaitingQuestion soon{.case_id = "c7", .waited = absl::Seconds(4)};
  EXPECT_EQ(ProgressText(state, soon), ProgressText(state, std::nullopt));
  const WaitingQuestion long_ago{.case_id = "c7", .waited = absl::Milliseconds(34'700)};
  EXPECT_EQ(ProgressText(state, long_ago),
            "12 of 1,050 asked, 1 errors, 3.0 a second, waiting for case 'c7' for 34s");
  const WaitingQuestion again{.case_id = "c7", .attempt = 2, .waited = absl::Minutes(2)};
  EXPECT_TRUE(ProgressText(state, again).ends_with("waiting for case 'c7', attempt 2, for 2m"));
}

TEST(RunProgress, CountsOutagesAndWhatItCosts) {
  const RunProgressState state{.done = 4,
                               .total = 5,
                               .infrastructure_errors = 2,
                               .cost_usd = 1.25,
                               .elapsed = absl::Seconds(2)};
  EXPECT_EQ(ProgressText(state, std::nullopt),
            "4 of 5 asked, 0 errors, 2 of the infrastructure, 2.0 a second, $1.25");
}

}  // namespace
}  // namespace flywheel::cli
