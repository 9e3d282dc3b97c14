#include "cli/gate_run/chat_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>
#include <utility>

#include "cli/gate_run/chat_completion.h"
#include "cli/gate_run/question_line.h"
#include "cli/gate_run/retry_wait.h"
#include "cli/gate_run/stop_signal.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

constexpr int kOk = 200;
constexpr int kContentTooLarge = 413;
// The same for every case, however long one waits.
constexpr char kNoQuota[] = "insufficient_quota";
// About this question alone.
constexpr std::array<std::string_view, 3> kOwnErrors = {"context_length_exceeded", "content_filter",
                                                        "string_above_max_length"};

bool MayPass(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::string CompletionsUrl(std::string url) {
  constexpr std::string_view kPath = "/chat/completions";
  while (url.ends_with('/')) url.pop_back();
  return url.ends_with(kPath) ? url : url + std::string(kPath);
}

double Chance() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

// What a try failed with, for people.
std::string Failure(const HttpAnswer& answer) {
  if (answer.status == 0) return answer.error;
  const ChatError error = ReadChatError(answer.body);
  return fmt::format("HTTP {}{}{}", answer.status, error.message.empty() ? "" : ": ",
                     error.message);
}

}  // namespace

ChatEndpoint::ChatEndpoint(ChatEndpointOptions options)
    : options_(std::move(options)),
      post_(CompletionsUrl(options_.url), options_.key, options_.timeout) {}

std::string ChatEndpoint::Request(const Question& question) const {
  nlohmann::ordered_json request = {{"model", options_.model},
                                    {"messages", ChatMessagesOf(*question.one)}};
  nlohmann::ordered_json tools = ChatToolsOf(*question.one);
  if (!tools.empty()) request["tools"] = std::move(tools);
  request.update(options_.body);
  return request.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

absl::StatusOr<HttpAnswer> ChatEndpoint::Send(const std::string& request) const {
  for (int retry = 0;; ++retry) {
    HttpAnswer answer = post_.Send(request);
    if (StopSignal::Stopped()) return absl::CancelledError("stopped");
    const bool failed = answer.status == 0 || MayPass(answer.status) ||
                        // An error may also come as 200, or a page in its place.
                        (answer.status == kOk && !ReadChatCompletion(answer.body).ok());
    if (!failed) return answer;
    if (ReadChatError(answer.body).code == kNoQuota) {
      return absl::FailedPreconditionError(
          fmt::format("the endpoint has no quota left: {}", Failure(answer)));
    }
    if (retry >= options_.retries) return answer;
    if (!StopSignal::Wait(RetryWait(retry, Chance(), answer.retry_after))) {
      return absl::CancelledError("stopped");
    }
  }
}

void ChatEndpoint::SetCost(evalgate::v1::CaseOutput& output) const {
  if (!options_.input_price && !options_.output_price) return;
  // An endpoint that does not count is of unknown cost.
  if (!output.has_input_tokens() && !output.has_output_tokens()) return;
  constexpr double kMillion = 1e6;
  const double input = static_cast<double>(output.input_tokens());
  const double made = static_cast<double>(output.output_tokens());
  output.set_cost_usd(
      (input * options_.input_price.value_or(0) + made * options_.output_price.value_or(0)) /
      kMillion);
}

absl::StatusOr<Answer> ChatEndpoint::Ask(const Question& question) {
  ASSIGN_OR_RETURN(const HttpAnswer sent, Send(Request(question)));
  Answer answer;
  evalgate::v1::CaseOutput& output = answer.output;
  auto completion =
      sent.status == kOk
          ? ReadChatCompletion(sent.body)
          : absl::StatusOr<evalgate::v1::CaseOutput>(absl::UnavailableError(Failure(sent)));
  if (completion.ok()) {
    output = *std::move(completion);
    const int64_t us = absl::ToInt64Microseconds(sent.took);
    output.mutable_latency()->set_seconds(us / 1'000'000);
    output.mutable_latency()->set_nanos(static_cast<int32_t>(us % 1'000'000 * 1'000));
    SetCost(output);
  } else if (sent.status == 0 || MayPass(sent.status) || sent.status == kOk) {
    output.set_infrastructure_error(errors::MessageOf(completion.status()));
    answer.fault = Fault::kOfInfrastructure;
  } else if (const std::string code = ReadChatError(sent.body).code;
             sent.status == kContentTooLarge ||
             std::find(kOwnErrors.begin(), kOwnErrors.end(), code) != kOwnErrors.end()) {
    output.set_error(Failure(sent));
  } else {
    return absl::FailedPreconditionError(
        fmt::format("{} refuses case '{}' with {}. The same would come of every case.",
                    options_.url, question.one->case_id(), Failure(sent)));
  }
  output.set_case_id(question.one->case_id());
  output.set_attempt(question.attempt);
  return answer;
}

}  // namespace flywheel::cli
