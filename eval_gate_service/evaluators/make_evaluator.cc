#include "eval_gate_service/evaluators/make_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/evaluators/checks.h"
#include "eval_gate_service/evaluators/choice.h"
#include "eval_gate_service/evaluators/chrf.h"
#include "eval_gate_service/evaluators/contains.h"
#include "eval_gate_service/evaluators/exact.h"
#include "eval_gate_service/evaluators/external.h"
#include "eval_gate_service/evaluators/ground_truth.h"
#include "eval_gate_service/evaluators/groundedness.h"
#include "eval_gate_service/evaluators/json_fields.h"
#include "eval_gate_service/evaluators/json_schema.h"
#include "eval_gate_service/evaluators/language.h"
#include "eval_gate_service/evaluators/levenshtein.h"
#include "eval_gate_service/evaluators/limits.h"
#include "eval_gate_service/evaluators/list_match.h"
#include "eval_gate_service/evaluators/numeric.h"
#include "eval_gate_service/evaluators/refusal.h"
#include "eval_gate_service/evaluators/regex.h"
#include "eval_gate_service/evaluators/rouge_l.h"
#include "eval_gate_service/evaluators/token_f1.h"
#include "eval_gate_service/evaluators/tool_calls.h"
#include "eval_gate_service/evaluators/trajectory.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate::evaluators {

// Who names what a family has made.
class EvaluatorFactory {
  static constexpr int kText = static_cast<int>(Reads::kText);
  static constexpr int kCalls = static_cast<int>(Reads::kCalls);
  static constexpr int kFigures = static_cast<int>(Reads::kFigures);
  static constexpr int kCase = static_cast<int>(Reads::kCase);

 public:
  struct Entry {
    EvaluatorKind kind;
    EvaluatorMaker make;
  };

  // Sorted by name. A new version of a definition is a new number here.
  static const std::vector<Entry>& Entries() {
    static const auto& entries = *new std::vector<Entry>{
        {{"checks", 1, 1.0, kText | kCalls | kFigures | kCase}, MakeChecks},
        {{"choice", 1, 1.0, kText | kCase, "the right option"}, MakeChoice},
        {{"chrf", 1, std::nullopt, kText, "the ideal text, nearly letter by letter"}, MakeChrF},
        {{"contains", 1, 1.0, kText, "the texts that it must have, and none that it must not"},
         MakeContains},
        {{"context_relevance", 1, std::nullopt, kCase}, MakeContextRelevance},
        {{"cost", 1, 1.0, kFigures}, MakeCost},
        {{"exact", 1, 1.0, kText, "the ideal output exactly"}, MakeExact},
        {{"external", 1, 1.0, kFigures, "a better grade from the tool that grades it"},
         MakeExternal},
        {{"ground_truth_match", 1, std::nullopt, kText, "the ideal answer in it"}, MakeGroundTruth},
        {{"groundedness", 2, std::nullopt, kText | kCase}, MakeGroundedness},
        {{"json_fields", 1, 1.0, kText, "the fields of the ideal JSON"}, MakeJsonFields},
        {{"json_schema", 1, 1.0, kText, "JSON that the schema accepts"}, MakeJsonSchema},
        {{"language", 1, 1.0, kText | kCase}, MakeLanguage},
        {{"latency", 1, 1.0, kFigures}, MakeLatency},
        {{"length", 1, 1.0, kText}, MakeLength},
        {{"levenshtein", 1, std::nullopt, kText, "the ideal text, or nearly"}, MakeLevenshtein},
        {{"list_match", 1, std::nullopt, kText, "the ideal list"}, MakeListMatch},
        {{"normalised", 1, 1.0, kText, "the ideal output, whatever its case and spaces"},
         MakeNormalised},
        {{"numeric", 1, 1.0, kText, "the right number"}, MakeNumeric},
        {{"refusal", 1, 1.0, kText}, MakeRefusal},
        {{"regex", 1, 1.0, kText, "what its pattern says"}, MakeRegex},
        {{"rouge_l", 1, std::nullopt, kText, "the words of the ideal text, in their order"},
         MakeRougeL},
        {{"token_f1", 1, std::nullopt, kText, "the words of the ideal text"}, MakeTokenF1},
        {{"tokens", 1, 1.0, kFigures}, MakeTokens},
        {{"tool_calls", 1, 1.0, kCalls | kCase, "the expected tool calls"}, MakeToolCalls},
        {{"trajectory", 1, 1.0, kCalls, "the expected tool calls"}, MakeTrajectory},
    };
    return entries;
  }

  static std::unique_ptr<const Evaluator> Named(std::unique_ptr<Evaluator> made,
                                                const EvaluatorKind& kind, double threshold) {
    made->kind_ = kind.name;
    made->wants_ = kind.wants;
    made->version_ = kind.version;
    made->threshold_ = threshold;
    return made;
  }
};

namespace {

std::string NamesOfKinds() {
  std::string names;
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    names += fmt::format("{}{}", names.empty() ? "one of " : ", ", kind.name);
  }
  return names;
}

absl::StatusOr<double> ThresholdOf(const EvaluatorSpec& spec, const EvaluatorKind& kind) {
  if (!spec.threshold && !kind.default_threshold) {
    return errors::InvalidArgument(
        "threshold", "none",
        fmt::format("above 0, at most 1: {} is a measure without a natural bar", kind.name));
  }
  const double threshold = spec.threshold ? *spec.threshold : *kind.default_threshold;
  // Written so that NaN does not pass.
  if (!(threshold > 0 && threshold <= 1)) {
    return errors::InvalidArgument("threshold", fmt::format("{}", threshold), "above 0, at most 1");
  }
  return threshold;
}

}  // namespace

const std::vector<EvaluatorKind>& EvaluatorKinds() {
  static const auto& kinds = *new std::vector<EvaluatorKind>([] {
    std::vector<EvaluatorKind> all;
    for (const auto& entry : EvaluatorFactory::Entries()) all.push_back(entry.kind);
    return all;
  }());
  return kinds;
}

const EvaluatorKind* FindEvaluatorKind(std::string_view name) {
  for (const EvaluatorKind& kind : EvaluatorKinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<const Evaluator>> MakeEvaluator(const EvaluatorSpec& spec) {
  const auto& entries = EvaluatorFactory::Entries();
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& candidate) {
    return candidate.kind.name == spec.kind;
  });
  if (entry == entries.end()) {
    return errors::InvalidArgument("kind", Quoted(Shorten(spec.kind, 100)), NamesOfKinds());
  }
  ASSIGN_OR_RETURN(const double threshold, ThresholdOf(spec, entry->kind));
  ASSIGN_OR_RETURN(Parameters parameters, Parameters::Parse(spec.parameters_json));
  ASSIGN_OR_RETURN(std::unique_ptr<Evaluator> made, entry->make(parameters));
  return EvaluatorFactory::Named(std::move(made), entry->kind, threshold);
}

}  // namespace flywheel::evalgate::evaluators
