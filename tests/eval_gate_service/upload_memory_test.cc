#include "eval_gate_service/rpc/upload_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

constexpr UploadMemory::Limits kSmallLimits = {.own = 4, .pot = 50, .pot_of_project = 30};

TEST(UploadMemory, OfItsOwnIsThereHoweverMuchOthersHold) {
  UploadMemory memory(kSmallLimits);
  UploadMemory::Share large(&memory, "a");
  UploadMemory::Share other(&memory, "b");
  EXPECT_OK(large.Hold(34));
  EXPECT_OK(other.Hold(24));
  for (const char* const project : {"a", "b", "c"}) {
    UploadMemory::Share small(&memory, project);
    EXPECT_OK(small.Hold(1));
    EXPECT_OK(small.Hold(3));
    EXPECT_THAT(small.Hold(1), HasReason(Reason::kBusy));
  }
}

TEST(UploadMemory, OfOneProjectLeavesSomeToOthers) {
  UploadMemory memory(kSmallLimits);
  UploadMemory::Share first(&memory, "a");
  UploadMemory::Share second(&memory, "a");
  EXPECT_OK(first.Hold(20));
  EXPECT_OK(second.Hold(18));
  const absl::Status of_project = second.Hold(1);
  EXPECT_THAT(of_project, HasReason(Reason::kBusy));
  EXPECT_THAT(of_project.message(),
              HasSubstr("UploadSuite for one project: 30 of 30 bytes are held"));
  UploadMemory::Share other(&memory, "b");
  EXPECT_OK(other.Hold(24));
  EXPECT_THAT(other.Hold(1).message(), HasSubstr("UploadSuite: 50 of 50 bytes are held"));
}

TEST(UploadMemory, IsGivenBackAtTheEndOfAnUpload) {
  UploadMemory memory(kSmallLimits);
  std::optional<UploadMemory::Share> first(std::in_place, &memory, "a");
  EXPECT_OK(first->Hold(30));
  EXPECT_THAT(first->Hold(5), HasReason(Reason::kBusy));
  EXPECT_OK(first->Hold(4)) << "what was refused is not held";
  first.reset();
  for (int i = 0; i < 3; ++i) EXPECT_OK(UploadMemory::Share(&memory, "a").Hold(34)) << i;
}

}  // namespace
}  // namespace flywheel::evalgate
