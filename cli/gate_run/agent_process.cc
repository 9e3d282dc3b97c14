#include "cli/gate_run/agent_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/time/clock.h"
#include "cli/gate_run/answer_line.h"
#include "cli/gate_run/question_line.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

constexpr size_t kShownOfALine = 300;

// Signals that come from outside. Of the others, such as SIGSEGV, the program itself is the cause.
constexpr std::array<int, 4> kFromOutside = {SIGKILL, SIGTERM, SIGHUP, SIGINT};

std::string ShownLine(std::string_view line) {
  const std::string_view shown = Shorten(line, kShownOfALine);
  return Printable(shown) + (shown.size() < line.size() ? "..." : "");
}

// Whether somebody else ended it. A shell says 128 and the signal for what it had started.
bool EndedFromOutside(const std::string& ending) {
  constexpr std::string_view kSignal = "signal ", kExitCode = "exit code ";
  int signal = 0;
  if (ending.starts_with(kSignal)) signal = atoi(ending.c_str() + kSignal.size());
  if (ending.starts_with(kExitCode)) signal = atoi(ending.c_str() + kExitCode.size()) - 128;
  return std::find(kFromOutside.begin(), kFromOutside.end(), signal) != kFromOutside.end();
}

Answer FaultAnswer(Fault fault, std::string what) {
  Answer answer{.output = {}, .fault = fault};
  if (fault == Fault::kOfAgent) {
    answer.output.set_error(std::move(what));
  } else {
    answer.output.set_infrastructure_error(std::move(what));
  }
  return answer;
}

Answer NoAnswer(const std::string& line, std::string why) {
  while (why.ends_with('.')) why.pop_back();
  return FaultAnswer(Fault::kOfAgent,
                     fmt::format("it answered '{}', which is no answer: {}", ShownLine(line), why));
}

void SetLatency(absl::Duration took, evalgate::v1::CaseOutput& output) {
  if (output.has_latency()) return;
  const int64_t us = absl::ToInt64Microseconds(took);
  output.mutable_latency()->set_seconds(us / 1'000'000);
  output.mutable_latency()->set_nanos(static_cast<int32_t>(us % 1'000'000 * 1'000));
}

}  // namespace

absl::Status AgentProcess::Ready() {
  if (process_ && process_->SaidMore()) process_.reset();
  if (process_) return absl::OkStatus();
  answered_ = 0;
  ASSIGN_OR_RETURN(LineProcess started, LineProcess::Start(command_));
  process_.emplace(std::move(started));
  return absl::OkStatus();
}

Answer AgentProcess::Ended() {
  const bool read = process_->ReadTheLine();
  const std::string ending = process_->Ending();
  const std::string last = process_->LastError();
  std::string what = fmt::format("it ended ({}) {}", ending,
                                 read ? "without an answer" : "before it read the question");
  if (!last.empty()) what += ": " + ShownLine(last);
  if (EndedFromOutside(ending)) return FaultAnswer(Fault::kOfInfrastructure, std::move(what));
  return FaultAnswer(read ? Fault::kOfAgent : Fault::kOfStart, std::move(what));
}

Answer AgentProcess::Read(const std::string& line, const Question& question, absl::Duration took) {
  const auto json = ParseJson(line, "the line");
  if (!json.ok()) return NoAnswer(line, "want a line of JSON");
  auto output = ReadAnswer(JsonView(*json, "the line: "));
  if (!output.ok()) return NoAnswer(line, errors::MessageOf(output.status()));
  const std::string& case_id = question.one->case_id();
  if (!output->case_id().empty() && output->case_id() != case_id) {
    return NoAnswer(line, "it was asked case '" + case_id + "'");
  }
  ++answered_;
  const bool outage = !output->infrastructure_error().empty();
  if (!outage) SetLatency(took, *output);
  return {.output = *std::move(output), .fault = outage ? Fault::kOfInfrastructure : Fault::kNone};
}

absl::StatusOr<Answer> AgentProcess::Ask(const Question& question) {
  const std::string line = QuestionLine(*question.one, question.attempt);
  while (true) {
    RETURN_IF_ERROR(Ready());
    const absl::Time begin = absl::Now();
    std::string answer_line;
    const Exchanged exchanged = process_->Exchange(line, timeout_, answer_line);
    // One that answers a line and ends: nobody read this question yet.
    if (exchanged == Exchanged::kEnded && answered_ > 0 && !process_->ReadTheLine()) {
      process_.reset();
      continue;
    }
    Answer answer;
    switch (exchanged) {
      case Exchanged::kLine:
        answer = Read(answer_line, question, absl::Now() - begin);
        break;
      case Exchanged::kEnded:
        answer = Ended();
        break;
      case Exchanged::kTimedOut:
        answer = FaultAnswer(Fault::kOfInfrastructure,
                             fmt::format("no answer within {}", absl::FormatDuration(timeout_)));
        break;
      case Exchanged::kTooLong:
        answer = NoAnswer(answer_line, "its line has no end within 64 MiB");
        break;
      case Exchanged::kStopped:
        return absl::CancelledError("stopped");
    }
    // After anything but an answer nobody knows what its next line would be about.
    if (answer.fault == Fault::kOfAgent || exchanged != Exchanged::kLine) process_.reset();
    answer.output.set_case_id(question.one->case_id());
    answer.output.set_attempt(question.attempt);
    return answer;
  }
}

}  // namespace flywheel::cli
