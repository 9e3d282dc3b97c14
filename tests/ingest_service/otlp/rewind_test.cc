// Traces after the way back to an earlier moment: what is gone is taken again when it is sent
// again.
#include <gtest/gtest.h>

#include <string>

#include "ingest_service/store/record_audit.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/otlp_fixture.h"

namespace flywheel::ingest {
namespace {

class RewindTest : public OtlpTest {
 protected:
  // What comes of trace 1 after it was complete; the same whenever it is sent.
  void ExportLate(uint64_t span) {
    TraceBuilder late(1, begin_, "support");
    late.Add(span, 1, "execute_tool mail", 20, 30)
        .Set("gen_ai.operation.name", "execute_tool")
        .Set("gen_ai.tool.name", "mail-" + std::to_string(span));
    EXPECT_FALSE(Export(late).has_partial_success());
  }

  // A store as `flywheel restore` leaves it, and the service over it.
  void GoBackTo(int64_t sequence, absl::Time time) {
    server_.reset();
    {
      const auto connection =
          sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
      ASSERT_OK(connection);
      ASSERT_OK(RewindRecord(**connection, sequence, time));
    }
    Start();
  }

  std::string ToolOf(const std::string& id) { return ToolUses(Get(id).interaction()).at(0).name; }

  const absl::Time begin_ = clock_.Now();
  const std::string first_ = "otel-" + TraceHex(1);
};

TEST_F(RewindTest, ALatePartThatIsGoneIsTakenAgain) {
  const TraceBuilder chat = Chat(1, "one");
  Export(chat);
  PassUntil(1);
  const absl::Time then = clock_.Now();
  clock_.Advance(absl::Minutes(1));
  ExportLate(2);
  PassUntil(2);
  ExportLate(3);
  PassUntil(3);
  GoBackTo(1, then);
  EXPECT_EQ(Stats().interactions(), 1);
  ExportLate(3);
  PassUntil(4);
  EXPECT_EQ(ToolOf(first_ + ".2"), "mail-3");
  EXPECT_EQ(Get(first_).interaction().input(), "one");
}

TEST_F(RewindTest, ATraceThatIsGoneAsAWholeIsTakenAgainUnderItsId) {
  Export(Chat(2, "before"));
  PassUntil(1);
  const absl::Time then = clock_.Now();
  clock_.Advance(absl::Minutes(1));
  Export(Chat(1, "one"));
  PassUntil(2);
  ExportLate(2);
  PassUntil(3);
  GoBackTo(1, then);
  EXPECT_EQ(CountRows("otlp_traces"), 1);
  Export(Chat(1, "again"));
  PassUntil(4);
  EXPECT_EQ(Get(first_).interaction().input(), "again");
}

TEST_F(RewindTest, LatePartsThatStayAreStillKnown) {
  Export(Chat(1, "one"));
  PassUntil(1);
  ExportLate(2);
  PassUntil(2);
  const absl::Time then = clock_.Now();
  clock_.Advance(absl::Minutes(1));
  // It waits when the service stops.
  ExportLate(3);
  GoBackTo(2, then);
  EXPECT_EQ(CountRows("otlp_spans"), 0);
  ExportLate(2);
  EXPECT_EQ(CountRows("otlp_spans"), 0) << "a replay";
  ExportLate(3);
  PassUntil(3);
  EXPECT_EQ(ToolOf(first_ + ".3"), "mail-3");
}

}  // namespace
}  // namespace flywheel::ingest
