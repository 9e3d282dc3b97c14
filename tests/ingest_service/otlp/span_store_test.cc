#include "ingest_service/store/span_store.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "ingest_service/store/migrations.h"
#include "ingest_service/store/trace_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

// Spans where they wait, with limits that a test can reach.
class SpanStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened =
        sql::Database::Open({"sqlite:" + dir_.path() + "/ingest.db", 1 << 20}, Migrations());
    ASSERT_OK(opened);
    database_ = *std::move(opened);
  }

  static WaitingSpan Span(const std::string& trace, int number, const std::string& user = "") {
    WaitingSpan span;
    span.trace_id = trace;
    span.identity = "span" + std::to_string(1'000 + number);
    span.content = "content" + std::to_string(number % 10);
    span.user_pseudonym = user;
    span.payload = "payload";
    return span;
  }

  absl::StatusOr<InsertedSpans> Insert(const std::vector<WaitingSpan>& spans) {
    InsertedSpans inserted;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(inserted, SpanStore(connection).Insert("shop", spans, limits_, now_));
      return absl::OkStatus();
    }));
    return inserted;
  }

  std::optional<WaitingTrace> Read(const std::string& trace_id) {
    std::optional<WaitingTrace> trace;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(trace, SpanStore(connection).ReadTrace({"shop", trace_id}, limits_));
      return absl::OkStatus();
    }));
    return trace;
  }

  absl::Status Remove(const WaitingTrace& trace, bool became_part) {
    return database_->Write([&](sql::Connection& connection) {
      return SpanStore(connection).RemoveTrace(trace, became_part, limits_, now_);
    });
  }

  absl::Time NextDue() {
    absl::Time next;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(next, TraceStore(connection).NextDueTime());
      return absl::OkStatus();
    }));
    return next;
  }

  testing::TempDir dir_;
  std::unique_ptr<sql::Database> database_;
  TraceLimits limits_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(SpanStoreTest, ATraceIsDueWhenItHasItsRootAndIsQuiet) {
  ASSERT_OK(Insert({Span("t", 1)}));
  EXPECT_EQ(NextDue(), now_ + limits_.max_wait);
  const absl::Time first = now_;
  now_ += absl::Seconds(30);
  WaitingSpan root = Span("t", 2);
  root.is_root = true;
  ASSERT_OK(Insert({root}));
  EXPECT_EQ(NextDue(), now_ + limits_.settle);
  // Never later than this, however busy it is.
  now_ = first + limits_.max_wait - absl::Seconds(1);
  ASSERT_OK(Insert({Span("t", 3)}));
  EXPECT_EQ(NextDue(), first + limits_.max_wait);
}

TEST_F(SpanStoreTest, ATraceThatGrowsTooLongIsCut) {
  limits_.max_trace_spans = 3;
  ASSERT_OK(Insert({Span("t", 1), Span("t", 2), Span("t", 3), Span("t", 4)}));
  EXPECT_EQ(NextDue(), now_);
  const std::optional<WaitingTrace> trace = Read("t");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->payloads.size(), 3u);
  EXPECT_TRUE(trace->cut);
  // What comes meanwhile belongs to the next part.
  ASSERT_OK(Insert({Span("t", 5)}));
  ASSERT_OK(Remove(*trace, true));
  const std::optional<WaitingTrace> rest = Read("t");
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(rest->payloads.size(), 2u);
  EXPECT_EQ(rest->parts, 1);
  EXPECT_EQ(Insert({Span("t", 1)})->counts.replayed, 1);
}

TEST_F(SpanStoreTest, SpansBeyondWhatATraceMayHaveAreRefused) {
  limits_.max_known_spans = 2;
  const auto inserted = Insert({Span("t", 1), Span("t", 2), Span("t", 3), Span("other", 3)});
  ASSERT_OK(inserted);
  EXPECT_EQ(inserted->counts.stored, 3);
  EXPECT_EQ(inserted->counts.overlong, 1);
  ASSERT_OK(Remove(*Read("t"), true));
  EXPECT_EQ(Insert({Span("t", 4)})->counts.overlong, 1);
  EXPECT_EQ(Insert({Span("t", 2)})->counts.replayed, 1);
}

TEST_F(SpanStoreTest, AProjectOfWhichTooMuchWaitsTriesAgainLater) {
  limits_.max_project_spans = 2;
  ASSERT_OK(Insert({Span("t", 1), Span("u", 2)}));
  const auto refused = Insert({Span("v", 3)});
  EXPECT_THAT(refused, HasReason(Reason::kQuotaExceeded));
  EXPECT_TRUE(errors::RetryDelayOf(refused.status()).has_value());
  ASSERT_OK(Remove(*Read("t"), false));
  EXPECT_OK(Insert({Span("v", 3)}));
  limits_.max_project_spans = 100;
  limits_.max_project_bytes = 20;
  EXPECT_THAT(Insert({Span("v", 4)}), HasReason(Reason::kQuotaExceeded));
}

TEST_F(SpanStoreTest, WhatHasChangedSinceItWasReadIsNotRemoved) {
  ASSERT_OK(Insert({Span("t", 1)}));
  const WaitingTrace read = *Read("t");
  ASSERT_OK(Insert({Span("t", 2)}));
  EXPECT_THAT(Remove(read, true), HasReason(Reason::kChangedMeanwhile));
  EXPECT_EQ(Read("t")->payloads.size(), 2u);
}

TEST_F(SpanStoreTest, FindsTheTracesOfAPersonOrASessionAndForgetsThemWhole) {
  WaitingSpan in_session = Span("w", 4);
  in_session.session_id = "s";
  ASSERT_OK(Insert({Span("t", 1, "u_ada"), Span("t", 2), Span("v", 3, "u_bob"), in_session}));
  const WaitingTrace read = *Read("t");
  std::set<std::string> of_ada;
  std::set<std::string> of_session;
  int64_t forgotten = 0;
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    SpanStore spans(connection);
    ASSIGN_OR_RETURN(of_ada, spans.WaitingInteractions("shop", SubjectKind::kUser, "u_ada"));
    ASSIGN_OR_RETURN(of_session, spans.WaitingInteractions("shop", SubjectKind::kSession, "s"));
    ASSIGN_OR_RETURN(forgotten, spans.ForgetTraceOf("shop", "otel-t"));
    return absl::OkStatus();
  }));
  EXPECT_EQ(of_ada, std::set<std::string>{"otel-t"});
  EXPECT_EQ(of_session, std::set<std::string>{"otel-w"});
  EXPECT_EQ(forgotten, 2);
  EXPECT_FALSE(Read("t").has_value());
  EXPECT_TRUE(Read("v").has_value());
  // It was being assembled at that moment.
  EXPECT_THAT(Remove(read, true), HasReason(Reason::kChangedMeanwhile));
}

}  // namespace
}  // namespace flywheel::ingest
