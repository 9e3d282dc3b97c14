// Ingest under everything that callers do at once, killed again and again: what it acknowledged is
// there, once; whom it forgot is in no file.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "cli/local_services.h"
#include "examples/support_agent/random.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/cli/command_runner.h"
#include "tests/fault/crash/audit.h"
#include "tests/fault/crash/load.h"
#include "tests/fault/crash/promises.h"

namespace flywheel::crash {
namespace {

constexpr cli::Service kIngest = cli::Service::kIngest;

// FLYWHEEL_CRASH_ROUNDS makes it as long as one likes.
int Rounds() {
  const char* const wanted = std::getenv("FLYWHEEL_CRASH_ROUNDS");
  return wanted == nullptr ? 15 : std::max(1, std::atoi(wanted));
}

// The audits between read on where the last one ended.
constexpr int kWholeFeedEvery = 25;

void WaitAtMost(double milliseconds) {
  absl::Notification never;
  never.WaitForNotificationWithTimeout(absl::Milliseconds(milliseconds));
}

TEST(IngestCrash, KeepsWhatItAcknowledgedAndNothingOfWhomItForgot) {
  const absl::Time start = absl::Now();
  const testing::TempDir dir;
  cli::LocalServicesOptions options;
  options.data_dir = dir.path() + "/data";
  options.binary_dir = cli::BinDir();
  options.services = {kIngest};
  options.free_ports = true;
  options.metrics = false;
  options.extra_arguments[kIngest] = {"--otlp-settle-seconds", "0"};
  auto services = cli::LocalServices::Start(options);
  ASSERT_OK(services);
  const cli::LocalService place = (*services)->at(kIngest);

  Promises promises;
  example::Random random(20'261'121);
  FeedAudit feed(place.address, &promises);
  Audited audited;
  int64_t bytes = 0;
  const int rounds = Rounds();
  Load load(place.address, &promises);
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    WaitAtMost(20 + 280 * random.Uniform());
    const std::set<std::string> erased = promises.erased();
    (*services)->Kill(kIngest);
    // As the crash left them: what a thief of the disk would find.
    bytes += AuditFiles(place.data_dir, erased);
    if (random.Chance(0.25)) {
      // Once more, in the middle of its recovery.
      ASSERT_OK((*services)->Launch(kIngest));
      WaitAtMost(60 * random.Uniform());
      (*services)->Kill(kIngest);
    }
    ASSERT_OK((*services)->Restart(kIngest));
    audited = (round + 1) % kWholeFeedEvery == 0 ? feed.StartAgain() : feed.GoOn();
    if ((round + 1) % 10 == 0) {
      fmt::print("round {} of {}: a feed of {}, {} people erased; {:.0f} s\n", round + 1, rounds,
                 audited.last_sequence, audited.erased_people,
                 absl::ToDoubleSeconds(absl::Now() - start));
      std::fflush(stdout);
    }
  }
  load.Stop();
  for (const std::string& complaint : load.complaints()) ADD_FAILURE() << complaint;

  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  do {
    audited = feed.GoOn();
  } while (audited.waiting_traces > 0 && absl::Now() < give_up);
  audited = feed.StartAgain();
  EXPECT_EQ(audited.waiting_traces, 0) << "traces that never became interactions";
  (*services)->Stop();
  bytes += AuditFiles(place.data_dir, promises.erased());
  EXPECT_GT(audited.erased_people, rounds / 5) << "too few erasures to learn from";
  fmt::print(
      "{} rounds of kill -9: {} interactions and {} signals in a feed of {}, {} people erased, {} "
      "traces, {} items sent again after a lost answer; {:.1f} GB of files searched; {:.0f} s\n",
      rounds, audited.interactions, audited.signals, audited.last_sequence, audited.erased_people,
      audited.traces, load.replayed(), static_cast<double>(bytes) / 1e9,
      absl::ToDoubleSeconds(absl::Now() - start));
}

}  // namespace
}  // namespace flywheel::crash
