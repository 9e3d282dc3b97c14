// When an erasure is complete.
#include "ingest_service/domain/erasure_status.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace flywheel::ingest {
namespace {

const std::vector<std::string> kReaders = {"curation", "eval-gate"};

absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(seconds); }

ErasureReceipt CleanAt(int64_t seconds) {
  ErasureReceipt receipt;
  receipt.clean_time = At(seconds);
  receipt.interactions = 3;
  receipt.signals = 2;
  return receipt;
}

TEST(ErasureStatus, ListsIngestAndThenThoseThatHaveToReport) {
  ErasureReceipt receipt;
  receipt.reports = {{"eval-gate", 7, At(20)}};

  const ErasureStatus status = StatusOf(receipt, kReaders);

  ASSERT_EQ(status.stores.size(), 3);
  EXPECT_EQ(status.stores[0].store, "ingest");
  EXPECT_EQ(status.stores[0].clean_time, std::nullopt);
  EXPECT_EQ(status.stores[1].store, "curation");
  EXPECT_EQ(status.stores[1].clean_time, std::nullopt);
  EXPECT_EQ(status.stores[2].store, "eval-gate");
  EXPECT_EQ(status.stores[2].rows, 7);
  EXPECT_EQ(status.stores[2].clean_time, At(20));
}

TEST(ErasureStatus, IsCompleteWhenTheLastStoreIsClean) {
  ErasureReceipt receipt = CleanAt(10);
  receipt.reports = {{"curation", 1, At(30)}, {"eval-gate", 0, At(20)}};

  const ErasureStatus status = StatusOf(receipt, kReaders);

  EXPECT_EQ(status.stores[0].rows, 5);
  EXPECT_EQ(status.complete_time, At(30));
}

TEST(ErasureStatus, IsNotCompleteBeforeEveryReaderHasReported) {
  ErasureReceipt receipt = CleanAt(10);
  receipt.reports = {{"curation", 1, At(30)}};
  EXPECT_EQ(StatusOf(receipt, kReaders).complete_time, std::nullopt);
}

TEST(ErasureStatus, IsNotCompleteBeforeIngestIsClean) {
  ErasureReceipt receipt;
  receipt.reports = {{"curation", 1, At(30)}, {"eval-gate", 0, At(20)}};
  EXPECT_EQ(StatusOf(receipt, kReaders).complete_time, std::nullopt);
}

TEST(ErasureStatus, NeedsIngestAloneWhereNobodyHasToReport) {
  EXPECT_EQ(StatusOf(CleanAt(10), {}).complete_time, At(10));
}

TEST(ErasureStatus, CountsAStoreThatReportedUnasked) {
  ErasureReceipt receipt = CleanAt(10);
  receipt.reports = {{"warehouse", 4, At(40)}};

  const ErasureStatus status = StatusOf(receipt, {});

  ASSERT_EQ(status.stores.size(), 2);
  EXPECT_EQ(status.stores[1].store, "warehouse");
  EXPECT_EQ(status.complete_time, At(40));
}

}  // namespace
}  // namespace flywheel::ingest
