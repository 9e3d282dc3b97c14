#include <gtest/gtest.h>

#include <vector>

#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

class CommitTimeTest : public PrivacyServiceTest {
 protected:
  // That sequences and commit times rise together, over the whole feed; the newest time.
  absl::Time CheckedLastTime() {
    const std::vector<v1::FeedEntry> entries = Feed();
    for (size_t i = 1; i < entries.size(); ++i) {
      EXPECT_GE(rpc::FromProto(entries[i].commit_time()),
                rpc::FromProto(entries[i - 1].commit_time()))
          << "at sequence " << entries[i].sequence();
    }
    return entries.empty() ? absl::Time() : rpc::FromProto(entries.back().commit_time());
  }
};

TEST_F(CommitTimeTest, NeverFallsWhenTheClockIsSetBack) {
  const absl::Time before = clock_.Now();
  Log({Of("ada", "a")});
  clock_.Advance(-absl::Hours(1));
  Log({Of("ada", "b")});
  Record({By("bob", "s", "b")});
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  Erase("e1", "ada");
  EXPECT_EQ(CheckedLastTime(), before);
  clock_.Advance(absl::Hours(2));
  Log({Of("eve", "c")});
  EXPECT_EQ(CheckedLastTime(), before + absl::Hours(1))
      << "it goes on once the clock has caught up";
}

TEST_F(CommitTimeTest, NeverFallsWhenTheClockWasSetBackWhileTheServiceWasDown) {
  const absl::Time before = clock_.Now();
  Log({Of("ada", "a")});
  Record({By("bob", "s", "a")});
  SetConsent("bob", v1::PURPOSE_TRAIN, false);
  clock_.Advance(-absl::Hours(1));
  Start();
  Log({Of("ada", "b")});
  EXPECT_EQ(CheckedLastTime(), before);
}

}  // namespace
}  // namespace flywheel::ingest
