#include "experiment_service/rpc/source_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>

namespace flywheel::experiment {
namespace {

constexpr int kMaxKinds = 13;
// As ingest has them.
constexpr size_t kMaxEvaluationNameBytes = 128;
constexpr size_t kMaxFailureKindBytes = 128;

void CheckSignal(const v1::SignalOutcome& signal, const std::string& place,
                 rpc::FieldChecks& checks) {
  const auto& kinds = signal.kinds();
  checks.Require(!kinds.empty() && kinds.size() <= kMaxKinds, place,
                 fmt::format("{} kinds", kinds.size()), fmt::format("1 to {}", kMaxKinds));
  if (kinds.size() > kMaxKinds) return;
  std::set<int> known;
  for (const int kind : kinds) {
    checks.Require(v1::SignalKind_IsValid(kind) && kind != v1::SIGNAL_KIND_UNSPECIFIED, place,
                   fmt::format("{}", kind), "a kind of signal that this service knows");
    checks.Require(known.insert(kind).second, place, fmt::format("{} for the second time", kind),
                   "each kind once");
  }
  checks.Require(
      !known.contains(v1::SIGNAL_KIND_THUMBS_UP) || !known.contains(v1::SIGNAL_KIND_THUMBS_DOWN),
      place, "SIGNAL_KIND_THUMBS_UP and SIGNAL_KIND_THUMBS_DOWN",
      "one of them: a thumb down is 0 for the first and 1 for the second");
}

}  // namespace

void CheckSource(const v1::OutcomeSource& source, const std::string& place,
                 rpc::FieldChecks& checks) {
  switch (source.source_case()) {
    case v1::OutcomeSource::kSignal:
      CheckSignal(source.signal(), place + "signal.kinds", checks);
      break;
    case v1::OutcomeSource::kEvaluation:
      checks.Name(place + "evaluation.name", source.evaluation().name(), kMaxEvaluationNameBytes);
      break;
    case v1::OutcomeSource::kFailure:
      checks.OptionalName(place + "failure.kind", source.failure().kind(), kMaxFailureKindBytes);
      break;
    case v1::OutcomeSource::kNumber:
      checks.Require(v1::InteractionNumber_IsValid(source.number()) &&
                         source.number() != v1::INTERACTION_NUMBER_UNSPECIFIED,
                     place + "number", fmt::format("{}", static_cast<int>(source.number())),
                     "a figure of an interaction that this service knows");
      break;
    case v1::OutcomeSource::SOURCE_NOT_SET:
      checks.Require(false, place + "source", "nothing, or a kind of a newer contract",
                     "signal, evaluation, failure or number; or no source at all");
      break;
  }
}

}  // namespace flywheel::experiment
