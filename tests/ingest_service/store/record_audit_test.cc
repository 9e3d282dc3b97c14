// What an audit of the record finds, however much is wrong.
#include "ingest_service/store/record_audit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "ingest_service/store/migrations.h"
#include "ingest_service/store/signal_store.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(RecordAudit, ListsAHundredFindingsAndSaysThatThereIsMore) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/ingest.db";
  auto opened = sql::Connection::Open(path, sql::Access::kWrite);
  ASSERT_OK(opened);
  sql::Connection& connection = **opened;
  ASSERT_OK(sql::Migrate(connection, path, Migrations()));
  // Signals of 150 projects that the totals know nothing of.
  for (int64_t sequence = 1; sequence <= 150; ++sequence) {
    SignalRecord signal;
    signal.signal_id = "s";
    signal.interaction_id = "i";
    ASSERT_OK(SignalStore(connection)
                  .Insert(fmt::format("p{:03}", sequence), signal, sequence, absl::UnixEpoch()));
  }

  const absl::StatusOr<RecordAudit> audit = AuditRecord(connection);

  ASSERT_OK(audit);
  EXPECT_EQ(audit->signals, 150);
  ASSERT_THAT(audit->findings, SizeIs(101));
  EXPECT_THAT(audit->findings[1], HasSubstr("project p001: 0 signals in the totals, 1 in the"));
  EXPECT_THAT(audit->findings.back(), HasSubstr("there is more"));
}

}  // namespace
}  // namespace flywheel::ingest
