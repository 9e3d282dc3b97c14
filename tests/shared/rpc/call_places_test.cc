// Places for long calls, and how projects share them.
#include "shared/rpc/call_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

// As many as `project` gets, held in `held`.
int TakeAll(CallPlaces& places, const std::string& project, std::vector<CallPlaces::Place>& held) {
  for (int taken = 0;; ++taken) {
    auto place = places.Take(project);
    if (!place.ok()) return taken;
    held.push_back(*std::move(place));
  }
}

TEST(CallPlaces, LeaveHalfToTheNextProjectAndRoomToTheOneAfter) {
  CallPlaces places("WatchRun", 16);
  std::vector<CallPlaces::Place> held;
  EXPECT_EQ(TakeAll(places, "a", held), 8);
  EXPECT_EQ(TakeAll(places, "b", held), 4);
  EXPECT_EQ(TakeAll(places, "c", held), 2);
  EXPECT_EQ(TakeAll(places, "d", held), 1);
  // One place is left, which is for whoever has none.
  EXPECT_EQ(TakeAll(places, "a", held), 0);
  EXPECT_EQ(TakeAll(places, "e", held), 1);
  EXPECT_THAT(places.Take("f").status().message(), HasSubstr("16 run already"));
}

TEST(CallPlaces, AreOneForEachOfTwoProjectsWhereThereAreTwo) {
  CallPlaces places("UploadSuite", 2);
  std::vector<CallPlaces::Place> held;
  EXPECT_EQ(TakeAll(places, "a", held), 1);
  EXPECT_EQ(TakeAll(places, "b", held), 1);
  EXPECT_THAT(places.Take("c").status(), HasReason(Reason::kBusy));
}

TEST(CallPlaces, AreGivenBackAtTheEndOfACall) {
  CallPlaces places("UploadSuite", 2);
  {
    auto first = places.Take("a");
    ASSERT_OK(first.status());
    const absl::Status refused = places.Take("a").status();
    EXPECT_THAT(refused, HasReason(Reason::kBusy));
    EXPECT_THAT(refused.message(),
                HasSubstr("UploadSuite for one project, of 2 places with 1 taken: 1 run already"));
    // Held once, however often it is handed on.
    const CallPlaces::Place moved = *std::move(first);
    EXPECT_THAT(places.Take("a").status(), HasReason(Reason::kBusy));
  }
  EXPECT_OK(places.Take("a").status());
}

}  // namespace
}  // namespace flywheel::rpc
