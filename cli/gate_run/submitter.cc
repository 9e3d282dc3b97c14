#include "cli/gate_run/submitter.h"

#include <fmt/format.h>

#include "cli/command_words.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

constexpr int kMostOutputsPerCall = 500;
// The gate takes requests of 16 MiB.
constexpr size_t kMostBytesPerCall = size_t{4} << 20;
constexpr size_t kMostOfAReason = 1'000;
constexpr size_t kMostLines = 10;
// The restart of a gate, or a full disk that somebody mends.
constexpr absl::Duration kSubmitTimeout = absl::Minutes(5);

bool IsOfItsForm(common::v1::ErrorReason reason) {
  return reason == common::v1::ERROR_REASON_TOO_LARGE ||
         reason == common::v1::ERROR_REASON_INVALID_ARGUMENT;
}

}  // namespace

absl::Status Submitter::Send(std::vector<evalgate::v1::CaseOutput> outputs) {
  evalgate::v1::SubmitOutputsRequest request;
  size_t bytes = 0;
  for (evalgate::v1::CaseOutput& output : outputs) {
    const size_t size = output.ByteSizeLong();
    const bool full = request.outputs_size() >= kMostOutputsPerCall ||
                      (request.outputs_size() > 0 && bytes + size > kMostBytesPerCall);
    if (full) {
      RETURN_IF_ERROR(SendCall(std::exchange(request, {})));
      bytes = 0;
    }
    bytes += size;
    *request.add_outputs() = std::move(output);
  }
  return request.outputs_size() == 0 ? absl::OkStatus() : SendCall(std::move(request));
}

absl::Status Submitter::SendCall(evalgate::v1::SubmitOutputsRequest request) {
  request.set_run_id(run_id_);
  ASSIGN_OR_RETURN(const evalgate::v1::SubmitOutputsResponse response,
                   client_->Call(&GateClient::Runs::SubmitOutputs, request, kSubmitTimeout));
  submitted_.missing = response.missing();
  submitted_.unavailable = response.unavailable();
  evalgate::v1::SubmitOutputsRequest again;
  for (int i = 0; i < response.results_size() && i < request.outputs_size(); ++i) {
    Count(request.outputs(i), response.results(i), again);
  }
  return again.outputs_size() == 0 ? absl::OkStatus() : SendCall(std::move(again));
}

void Submitter::Count(const evalgate::v1::CaseOutput& output, const common::v1::ItemResult& result,
                      evalgate::v1::SubmitOutputsRequest& again) {
  switch (result.status()) {
    case common::v1::ITEM_STATUS_STORED:
      ++submitted_.stored;
      return;
    case common::v1::ITEM_STATUS_REPLAYED:
      ++submitted_.replayed;
      return;
    case common::v1::ITEM_STATUS_CONFLICT:
      ++submitted_.conflicts;
      break;
    default:
      if (result.reason() == common::v1::ERROR_REASON_ERASED) return;
      // What is an error already is no better the second time.
      if (refused_are_errors_ && IsOfItsForm(result.reason()) && output.error().empty()) {
        evalgate::v1::CaseOutput& error = *again.add_outputs();
        error.set_case_id(output.case_id());
        error.set_attempt(output.attempt());
        error.set_error(fmt::format("the gate cannot take its answer: {}",
                                    Shorten(result.message(), kMostOfAReason)));
        return;
      }
      ++submitted_.rejected;
      if (result.reason() == common::v1::ERROR_REASON_LIMIT_EXCEEDED) ++submitted_.over_limit;
  }
  if (submitted_.first.size() >= kMostLines) return;
  submitted_.first.push_back(
      fmt::format("case '{}' was not taken: {}", result.id(), InCommandWords(result.message())));
}

}  // namespace flywheel::cli
