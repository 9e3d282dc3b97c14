// What comes while a verdict is being made: mostly without a server.
#include "eval_gate_service/judge.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eval_gate_service/output_intake.h"
#include "eval_gate_service/run_finisher.h"
#include "eval_gate_service/runs.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/migrations.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/rpc/channel.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/poll.h"
#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::flywheel::testing::HasReason;

constexpr int kCases = 40;

// A verdict is dated after its snapshot and before its write: whoever is asked for the time then
// can do something in between.
class InterruptingClock : public Clock {
 public:
  absl::Time Now() const override {
    if (interrupt) interrupt();
    return absl::FromUnixSeconds(1'700'000'000);
  }

  std::function<void()> interrupt;
};

class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() {
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/gate.db"}, Migrations());
    EXPECT_OK(database);
    database_ = *std::move(database);
    StoredSuite made;
    made.suite.suite_id = "s1";
    made.suite.agent = "helper";
    made.suite.suite_name = "s1";
    made.suite.dataset_version_id = "d1";
    made.suite.cases = kCases;
    std::vector<SuiteCase> cases;
    for (int i = 0; i < kCases; ++i) cases.push_back({CaseId(i), "i", Right(i), {}, ""});
    EXPECT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(SuiteStore(connection).Begin("p", made));
      RETURN_IF_ERROR(SuiteStore(connection).AddCases("p", "s1", cases));
      return SuiteStore(connection).Complete("p", made.suite).status();
    }));
    // Of a dataset version's suite nobody is asked.
    const CurationClient nobody(*rpc::Channel::Open({"127.0.0.1:1", "", ""}));
    const ContaminationFinder contamination(database_.get(), &nobody);
    EXPECT_OK(Runs(database_.get(), &still_).Start({"p"}, {"r1", "s1", "m1"}));
    for (int i = 0; i < kCases; ++i) Submit(i, Right(i));
    EXPECT_OK(RunFinisher(database_.get(), &contamination, &cache_, &still_)
                  .Finish({"p"}, "r1", Deadline()));
  }

  static std::string CaseId(int i) { return "case-" + std::to_string(i); }
  static std::string Right(int i) { return "answer " + std::to_string(i); }

  void Submit(int i, const std::string& output) {
    ASSERT_OK(
        OutputIntake(database_.get(), &still_)
            .Submit({"p"}, "r1", {{{CaseId(i), output, {}, ""}}}, /*size_bytes=*/0, Deadline()));
  }

  absl::StatusOr<Created<Verdict>> Give(const Deadline& deadline = {}) {
    return Give(cache_, deadline);
  }
  absl::StatusOr<Created<Verdict>> Give(OutcomeCache& cache, const Deadline& deadline) {
    return Judge(database_.get(), &cache, &clock_, "1.2.3")
        .Give({"p"}, {"v1", "s1", "m1", ""}, deadline);
  }

  bool IsStored() {
    const auto found = database_->Read(
        [](sql::Connection& connection) { return VerdictStore(connection).Find("p", "v1"); });
    EXPECT_OK(found);
    return found->has_value();
  }

  // The person whom a case came from is erased.
  void Erase(int i) {
    const std::vector<std::string> case_ids = {CaseId(i)};
    ASSERT_OK(database_->Write([&](sql::Connection& connection) {
      return ErasureStore(connection).EraseCases({"p", "s1", "d1", 0}, case_ids);
    }));
  }

  testing::TempDir data_;
  std::unique_ptr<sql::Database> database_;
  OutcomeCache cache_;
  FakeClock still_{absl::FromUnixSeconds(1'700'000'000)};
  InterruptingClock clock_;
};

TEST_F(JudgeTest, JudgesAgainWhereACaseLeavesAfterTheSnapshot) {
  int asked = 0;
  clock_.interrupt = [&] {
    if (++asked == 1) Erase(0);
  };
  const auto given = Give();
  ASSERT_OK(given);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(given->value.erased_cases, 1);
  EXPECT_EQ(given->value.findings.at(0).cases, kCases - 1);
}

TEST_F(JudgeTest, GivesNoVerdictWhereCasesDoNotStopLeaving) {
  int asked = 0;
  clock_.interrupt = [&] { Erase(asked++); };
  EXPECT_THAT(Give().status(), HasReason(Reason::kChangedMeanwhile));
  clock_.interrupt = nullptr;
  const auto given = Give();
  ASSERT_OK(given);
  EXPECT_FALSE(given->replayed);
}

TEST_F(JudgeTest, AnswersWithTheVerdictOfAnEqualCallThatWasFaster) {
  int asked = 0;
  clock_.interrupt = [&] {
    if (++asked > 1) return;
    EXPECT_OK(Give());
  };
  const auto given = Give();
  ASSERT_OK(given);
  EXPECT_TRUE(given->replayed);
}

TEST_F(JudgeTest, KeepsNothingOfAVerdictThatNobodyWaitsForAnyMore) {
  // However far it has come: the question is asked in every step.
  int ended = 0;
  // That holds nothing of the run yet.
  OutcomeCache cache;
  for (int allowed = 0;; ++allowed) {
    int asked = 0;
    const Deadline deadline(absl::InfiniteFuture(), [&]() -> absl::Status {
      return asked++ < allowed ? absl::OkStatus() : errors::Cancelled();
    });
    const auto given = Give(cache, deadline);
    if (given.ok()) {
      EXPECT_FALSE(given->replayed);
      break;
    }
    ++ended;
    EXPECT_THAT(given.status(), HasReason(Reason::kCancelled));
    EXPECT_FALSE(IsStored());
  }
  // The cases, what became of them, the write.
  EXPECT_EQ(ended, 3);
  EXPECT_TRUE(IsStored());
}

TEST_F(JudgeTest, EndsAtTheDeadlineWhileCasesLeaveAndGivesTheVerdictToTheNextCall) {
  int asked = 0;
  clock_.interrupt = [&] { Erase(asked++); };
  const auto late = Give(Deadline(absl::InfiniteFuture(), [&] {
    return asked < 3 ? absl::OkStatus() : errors::DeadlineExceeded();
  }));
  EXPECT_THAT(late.status(), HasReason(Reason::kDeadlineExceeded));
  EXPECT_EQ(asked, 3) << "attempts";
  EXPECT_FALSE(IsStored());
  clock_.interrupt = nullptr;
  const auto given = Give();
  ASSERT_OK(given);
  EXPECT_FALSE(given->replayed);
  EXPECT_EQ(given->value.erased_cases, 3);
}

using OutputIntakeTest = JudgeTest;

TEST_F(OutputIntakeTest, IsRefusedWhereMoreWouldWaitForTheDiskThanMay) {
  const int64_t limit = sql::DatabaseOptions().max_queued_bytes;
  OutputIntake intake(database_.get(), &still_);
  const std::vector<SentOutput> outputs = {{{CaseId(0), Right(0), {}, ""}}};
  EXPECT_THAT(intake.Submit({"p"}, "r1", outputs, limit + 1, Deadline()).status(),
              HasReason(Reason::kBackPressure));
  EXPECT_OK(intake.Submit({"p"}, "r1", outputs, limit, Deadline()));
}

TEST_F(JudgeTest, JudgesAnewWhereAPolicyComesMeanwhile) {
  clock_.interrupt = [&] {
    clock_.interrupt = nullptr;
    ASSERT_OK(database_->Write([](sql::Connection& connection) {
      ReleasePolicy policy;
      policy.agent = "helper";
      policy.policy_version = 1;
      policy.suites = {{"s1", {}}};
      policy.suites[0].bar.pass_rate_floor = 0.5;
      policy.reason = "now";
      return PolicyStore(connection).Insert("p", {policy, "hash"});
    }));
  };
  const auto given = Give();
  ASSERT_OK(given);
  EXPECT_EQ(given->value.policy_version, 1) << "what counts when it is kept";
  EXPECT_EQ(given->value.bar.pass_rate_floor, 0.5);
}

// Lets its second answer after a call of Arm wait until the machine's clock is past a time. Of a
// call the first dates its beginning; the second dates the verdict, before it is kept.
class LateClock : public FakeClock {
 public:
  using FakeClock::FakeClock;

  void Arm(absl::Time not_before) {
    not_before_ = not_before;
    answers_left_ = 2;
  }

  absl::Time Now() const override {
    if (answers_left_ > 0 && --answers_left_ == 0) {
      PollUntil([this] { return absl::Now() > not_before_; }, absl::Seconds(30));
    }
    return FakeClock::Now();
  }

 private:
  absl::Time not_before_;
  mutable std::atomic<int> answers_left_ = 0;
};

// The same call over a socket.
using JudgeVersionTest = EvalGateTest;

TEST_F(JudgeVersionTest, KeepsNoVerdictOnceTheCallersDeadlineHasPassed) {
  LateClock late(clock_.Now());
  server_clock_ = &late;
  Restart();
  MakeSuite(40);
  SubmitAll("m1", 40);
  grpc::ClientContext context;
  const absl::Time deadline = absl::Now() + absl::Milliseconds(300);
  context.set_deadline(absl::ToChronoTime(deadline));
  // The server learns how much time is left, so its deadline is later by the way of the request.
  late.Arm(deadline + absl::Seconds(1));
  v1::JudgeVersionRequest request;
  request.set_verdict_id("v1");
  request.set_suite_id("s1");
  request.set_model_version("m1");
  v1::JudgeVersionResponse response;
  EXPECT_EQ(stub_->JudgeVersion(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  // Behind the end of what the service still did for that call.
  server_clock_ = &clock_;
  Restart();
  v1::GetVerdictRequest get;
  get.set_verdict_id("v1");
  v1::GetVerdictResponse got;
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::GetVerdict, get, got), HasReason(Reason::kNotFound));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_FALSE(judged_.replayed());
}

}  // namespace
}  // namespace flywheel::evalgate
