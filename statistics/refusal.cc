#include "statistics/refusal.h"

#include <array>
#include <string>

#include "absl/strings/cord.h"

namespace flywheel::statistics {
namespace {

constexpr char kPayloadUrl[] = "flywheel.statistics/refusal";

constexpr std::array kAllRefusals = {
    Refusal::kArgumentOutOfRange, Refusal::kSizeMismatch, Refusal::kTooFewUnits,
    Refusal::kTooFewClusters,     Refusal::kTooFewArms,   Refusal::kZeroVariance,
    Refusal::kZeroControlMean,    Refusal::kRateAtFloor,  Refusal::kCompleteChanceAgreement,
};

}  // namespace

const char* RefusalName(Refusal refusal) {
  switch (refusal) {
    case Refusal::kArgumentOutOfRange:
      return "ARGUMENT_OUT_OF_RANGE";
    case Refusal::kSizeMismatch:
      return "SIZE_MISMATCH";
    case Refusal::kTooFewUnits:
      return "TOO_FEW_UNITS";
    case Refusal::kTooFewClusters:
      return "TOO_FEW_CLUSTERS";
    case Refusal::kTooFewArms:
      return "TOO_FEW_ARMS";
    case Refusal::kZeroVariance:
      return "ZERO_VARIANCE";
    case Refusal::kZeroControlMean:
      return "ZERO_CONTROL_MEAN";
    case Refusal::kRateAtFloor:
      return "RATE_AT_FLOOR";
    case Refusal::kCompleteChanceAgreement:
      return "COMPLETE_CHANCE_AGREEMENT";
  }
  return "UNKNOWN";
}

absl::Status Refuse(Refusal refusal, const std::string& explanation) {
  const bool caller_is_wrong =
      refusal == Refusal::kArgumentOutOfRange || refusal == Refusal::kSizeMismatch;
  absl::Status status = caller_is_wrong ? absl::InvalidArgumentError(explanation)
                                        : absl::FailedPreconditionError(explanation);
  status.SetPayload(kPayloadUrl, absl::Cord(RefusalName(refusal)));
  return status;
}

std::optional<Refusal> RefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  for (const Refusal refusal : kAllRefusals) {
    if (*payload == RefusalName(refusal)) return refusal;
  }
  return std::nullopt;
}

absl::Status RequireOpenProbability(const char* argument, double value) {
  // Written so that a NaN is refused too.
  if (value > 0.0 && value < 1.0) return absl::OkStatus();
  return Refuse(Refusal::kArgumentOutOfRange, std::string(argument) + ": got " +
                                                  std::to_string(value) +
                                                  ", want a value between 0 and 1, exclusive");
}

}  // namespace flywheel::statistics
