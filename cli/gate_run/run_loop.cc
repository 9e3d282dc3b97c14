#include "cli/gate_run/run_loop.h"

#include <algorithm>
#include <thread>

#include "absl/time/clock.h"
#include "cli/gate_run/stop_signal.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

// What is answered is submitted when so much came together, or so long passed.
constexpr size_t kOutputsOfACall = 200;
constexpr absl::Duration kFlushEvery = absl::Seconds(1);
// Agents wait where the gate is slower than they are.
constexpr size_t kMostOutputsWaiting = 1'000;

}  // namespace

RunLoop::RunLoop(RunLoopOptions options, std::vector<Question> questions, Submitter& submitter)
    : options_(std::move(options)),
      questions_(std::move(questions)),
      submitter_(submitter),
      begin_(absl::Now()) {}

absl::StatusOr<RunTally> RunLoop::Run() {
  std::vector<std::thread> threads;
  const int wanted = std::clamp<int>(static_cast<int>(questions_.size()), 0, options_.concurrency);
  {
    absl::MutexLock lock(&mutex_);
    working_ = wanted;
  }
  threads.reserve(static_cast<size_t>(wanted));
  for (int i = 0; i < wanted; ++i) threads.emplace_back([this] { Work(); });
  absl::Status sent;
  for (bool over = false; !over;) {
    auto [outputs, last] = WaitForOutputs();
    over = last;
    if (sent.ok() && !outputs.empty()) sent = submitter_.Send(std::move(outputs));
    ShowProgress();
    if (sent.ok()) continue;
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  for (std::thread& thread : threads) thread.join();
  RETURN_IF_ERROR(sent);
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failed_);
  return tally_;
}

void RunLoop::Work() {
  const std::unique_ptr<Agent> agent = options_.make_agent();
  while (const Question* const question = Next()) Take(*question, agent->Ask(*question));
  absl::MutexLock lock(&mutex_);
  if (--working_ > 0 || closed_ || !failed_.ok()) return;
  // All were asked: what still waits for an answer to come after it has none to wait for.
  failed_ = guard_.Finish(outputs_);
}

const Question* RunLoop::Next() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &RunLoop::HasRoom));
  if (StopSignal::Stopped()) Close(RunLoopEnd::kStoppedByUser);
  if (closed_ || next_ >= questions_.size()) return nullptr;
  const Question* const question = &questions_[next_++];
  asked_.emplace(question, absl::Now());
  return question;
}

bool RunLoop::HasRoom() const { return closed_ || outputs_.size() < kMostOutputsWaiting; }

void RunLoop::Close(RunLoopEnd end) {
  if (!closed_) tally_.end = end;
  closed_ = true;
}

void RunLoop::Take(const Question& question, absl::StatusOr<Answer> answer) {
  absl::MutexLock lock(&mutex_);
  asked_.erase(&question);
  if (!answer.ok()) {
    if (!absl::IsCancelled(answer.status()) && failed_.ok()) failed_ = answer.status();
    return Close(RunLoopEnd::kStoppedByUser);
  }
  const bool unavailable = !answer->output.infrastructure_error().empty();
  if (unavailable) tally_.infrastructure_error = answer->output.infrastructure_error();
  ++(unavailable ? tally_.infrastructure_errors : tally_.answered);
  if (!answer->output.error().empty()) ++tally_.errors;
  tally_.cost_usd += answer->output.cost_usd();
  const absl::Status taken = guard_.Take(*std::move(answer), outputs_);
  if (absl::IsUnavailable(taken)) {
    Close(RunLoopEnd::kOutage);
  } else if (!taken.ok()) {
    if (failed_.ok()) failed_ = taken;
    closed_ = true;
  }
  if (options_.most_usd && tally_.cost_usd >= *options_.most_usd) Close(RunLoopEnd::kCostReached);
}

bool RunLoop::IsWorthACall() const { return working_ == 0 || outputs_.size() >= kOutputsOfACall; }

std::pair<std::vector<evalgate::v1::CaseOutput>, bool> RunLoop::WaitForOutputs() {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &RunLoop::IsWorthACall), kFlushEvery);
  return {std::exchange(outputs_, {}), working_ == 0};
}

std::optional<WaitingQuestion> RunLoop::LongestWaiting() const {
  const auto longest = std::min_element(
      asked_.begin(), asked_.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  if (longest == asked_.end()) return std::nullopt;
  const Question& question = *longest->first;
  return WaitingQuestion{question.one->case_id(), question.attempt, absl::Now() - longest->second};
}

void RunLoop::ShowProgress() {
  RunProgressState state{.total = static_cast<int64_t>(questions_.size()),
                         .elapsed = absl::Now() - begin_};
  std::optional<WaitingQuestion> longest;
  {
    absl::MutexLock lock(&mutex_);
    state.done = tally_.answered + tally_.infrastructure_errors;
    state.errors = tally_.errors;
    state.infrastructure_errors = tally_.infrastructure_errors;
    state.cost_usd = tally_.cost_usd;
    longest = LongestWaiting();
  }
  progress_.Show(ProgressText(state, longest), state.done, state.total);
}

}  // namespace flywheel::cli
