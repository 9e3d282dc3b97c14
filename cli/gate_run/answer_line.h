// What an agent answered, as it says it in a line of JSON.
#ifndef FLYWHEEL_CLI_GATE_RUN_ANSWER_LINE_H_
#define FLYWHEEL_CLI_GATE_RUN_ANSWER_LINE_H_

#include "absl/status/statusor.h"
#include "cli/json_view.h"
#include "flywheel/evalgate/v1/run.pb.h"

namespace flywheel::cli {

// One of {"output"}, {"messages"} (OpenAI's chat format), {"tool_calls"} (OpenAI's, or {"name",
// "arguments"}; beside an output or alone), {"error"} and {"infrastructure_error"}; an output that
// is no text is its JSON. Beside it, each optional: "case_id", "attempt", "latency_ms",
// "input_tokens", "output_tokens", "cost_usd", "contexts" ([{"text", "document_id", "score",
// "age_s"}]) and "external_grades" ([{"name", "score", "version", "explanation"}]). null is the
// same as nothing, and what is not named here is passed over. INVALID_ARGUMENT that names the place
// where it is not of this form, or a number out of its range.
absl::StatusOr<evalgate::v1::CaseOutput> ReadAnswer(const JsonView& line);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_ANSWER_LINE_H_
