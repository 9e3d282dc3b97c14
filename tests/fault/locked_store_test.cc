// A store that somebody else holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/sql/connection.h"
#include "shared/sql/file_lock.h"
#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

using ::testing::HasSubstr;
using LockedStoreTest = FaultTest;

TEST_F(LockedStoreTest, RefusesWritesWhileAnotherProcessHoldsTheWriteLockAndRecovers) {
  Serve();
  ASSERT_OK(Store(MakeBatch("before", 10)));
  {
    const auto other = *sql::Connection::Open(store(), sql::Access::kWrite);
    ASSERT_OK(other->Execute("BEGIN EXCLUSIVE"));
    const absl::Status refused = Store(MakeBatch("while", 10));
    EXPECT_EQ(errors::ReasonOf(refused), Reason::kStorageUnavailable) << refused;
    EXPECT_TRUE(errors::RetryDelayOf(refused).has_value());
    const auto all = List();
    ASSERT_OK(all);
    EXPECT_EQ(all->size(), 10u) << "reads go on, and nothing of the refused batch is there";
    ASSERT_OK(other->Execute("ROLLBACK"));
  }
  EXPECT_OK(Store(MakeBatch("while", 10)));
}

TEST_F(LockedStoreTest, DoesNotStartWhileAnotherProcessHasTheStore) {
  Serve();
  std::optional<cli::ChildProcess> first = std::move(child_);
  Launch();
  ASSERT_TRUE(child_->WaitForExit(absl::Seconds(30)));
  EXPECT_EQ(child_->Exited(), "exit code 2");
  EXPECT_THAT(Log(), HasSubstr("which another process uses"));
  first->Kill();
  // The lock ends with its process, however that ends.
  Serve();
}

}  // namespace
}  // namespace flywheel::fault
