#include "shared/rpc/background_loop.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {
namespace {

absl::Status Failure() { return errors::StorageUnavailable("a disk that is gone"); }

TEST(BackgroundLoop, RepeatsItsStepAfterThePauseThatTheStepNames) {
  Metrics metrics;
  absl::BlockingCounter steps(3);
  std::atomic<int> count = 0;
  BackgroundLoop loop(
      {.name = "test"},
      [&]() -> absl::StatusOr<absl::Duration> {
        if (++count <= 3) steps.DecrementCount();
        return absl::Milliseconds(1);
      },
      &metrics);
  loop.Start();
  steps.Wait();
}

TEST(BackgroundLoop, TakesAStepWhenItIsWokenHoweverLongItWouldWait) {
  Metrics metrics;
  absl::Notification first, second;
  BackgroundLoop loop(
      {.name = "test"},
      [&]() -> absl::StatusOr<absl::Duration> {
        (first.HasBeenNotified() ? second : first).Notify();
        return absl::InfiniteDuration();
      },
      &metrics);
  loop.Start();
  first.WaitForNotification();
  loop.Wake();
  second.WaitForNotification();
}

TEST(BackgroundLoop, IsWokenByWhatComesWhileAStepIsUnderWay) {
  Metrics metrics;
  absl::Notification first, go, second;
  BackgroundLoop loop(
      {.name = "test"},
      [&]() -> absl::StatusOr<absl::Duration> {
        if (first.HasBeenNotified()) {
          second.Notify();
        } else {
          first.Notify();
          go.WaitForNotification();
        }
        return absl::InfiniteDuration();
      },
      &metrics);
  loop.Start();
  first.WaitForNotification();
  loop.Wake();
  go.Notify();
  second.WaitForNotification();
}

TEST(BackgroundLoop, GoesOnAfterFailures) {
  Metrics metrics;
  absl::Notification recovered;
  std::atomic<int> count = 0;
  BackgroundLoop loop(
      {.name = "test", .min_backoff = absl::Milliseconds(1), .max_backoff = absl::Milliseconds(2)},
      [&]() -> absl::StatusOr<absl::Duration> {
        if (++count <= 5) return Failure();
        recovered.Notify();
        return absl::InfiniteDuration();
      },
      &metrics);
  loop.Start();
  recovered.WaitForNotification();
  EXPECT_EQ(count, 6);
}

TEST(BackgroundLoop, IsNotWokenOutOfItsBackOffButEndsAtOnceInIt) {
  Metrics metrics;
  absl::Notification failed;
  std::atomic<int> count = 0;
  BackgroundLoop loop(
      {.name = "test", .min_backoff = absl::Hours(24), .max_backoff = absl::Hours(24)},
      [&]() -> absl::StatusOr<absl::Duration> {
        if (++count == 1) failed.Notify();
        return Failure();
      },
      &metrics);
  loop.Start();
  failed.WaitForNotification();
  loop.Wake();
  loop.Stop();
  EXPECT_EQ(count, 1);
}

TEST(BackgroundLoop, BeginsItsBackOffAnewWhereAStepThatFailedHadProgressed) {
  Metrics metrics;
  absl::BlockingCounter steps(20);
  std::atomic<int> count = 0;
  BackgroundLoop* self = nullptr;
  BackgroundLoop loop(
      {.name = "test", .min_backoff = absl::Milliseconds(1), .max_backoff = absl::Hours(1)},
      [&]() -> absl::StatusOr<absl::Duration> {
        self->NoteProgress();
        if (++count <= 20) steps.DecrementCount();
        return Failure();
      },
      &metrics);
  self = &loop;
  loop.Start();
  steps.Wait();  // Doubled, the pauses would take a quarter of an hour.
}

TEST(BackgroundLoop, EndsAPauseInsideOfAStepWhenItStops) {
  Metrics metrics;
  absl::Notification pausing;
  std::atomic<bool> goes_on = true;
  BackgroundLoop* self = nullptr;
  BackgroundLoop loop(
      {.name = "test"},
      [&]() -> absl::StatusOr<absl::Duration> {
        pausing.Notify();
        goes_on = self->Pause(absl::Hours(24));
        return absl::InfiniteDuration();
      },
      &metrics);
  self = &loop;
  loop.Start();
  pausing.WaitForNotification();
  EXPECT_FALSE(loop.stopping());
  loop.Stop();
  EXPECT_FALSE(goes_on);
  EXPECT_TRUE(loop.stopping());
  loop.Stop();
}

TEST(BackgroundLoop, StopsWithoutHavingBegun) {
  Metrics metrics;
  bool ran = false;
  {
    BackgroundLoop loop(
        {.name = "test"},
        [&]() -> absl::StatusOr<absl::Duration> {
          ran = true;
          return absl::InfiniteDuration();
        },
        &metrics);
    loop.Stop();
  }
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace flywheel::rpc
