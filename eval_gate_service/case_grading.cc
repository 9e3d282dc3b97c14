#include "eval_gate_service/case_grading.h"

#include <cstddef>
#include <vector>

#include "shared/sql/read_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Who asks what is unanswered before the verdict learns nothing of what was answered.
void HideAnswered(VersionResult& result) {
  std::erase_if(result.attempts,
                [](const AttemptResult& one) { return !IsUnanswered(one.outcome); });
  if (!result.attempts.empty()) result.outcome = result.attempts.front().outcome;
}

void AddGrades(const Grader& grader, const SuiteCase& asked, bool explain, VersionResult& result) {
  for (AttemptResult& one : result.attempts) {
    if (!one.output) continue;
    one.grades = grader.Grades(asked, *one.output);
    if (explain) continue;
    for (Grade& grade : one.grades) grade.explanation.clear();
  }
}

// Of many long outputs those of the later attempts are left out, so that one message carries the
// result.
void FitOutputs(VersionResult& result, size_t& bytes_left) {
  for (AttemptResult& one : result.attempts) {
    if (!one.output) continue;
    const size_t bytes = BytesOf(*one.output);
    if (bytes > bytes_left) {
      one.output.reset();
    } else {
      bytes_left -= bytes;
    }
  }
}

}  // namespace

absl::Status GradePage(const CaseResultQuery& query, const Grader& grader, const Deadline& deadline,
                       CaseResultPage& page) {
  std::vector<CaseResult>& results = page.results;
  size_t bytes = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    RETURN_IF_ERROR(deadline.Check());
    CaseResult& result = results[i];
    if (query.filter == CaseFilter::kUnanswered) HideAnswered(result.version);
    AddGrades(grader, result.suite_case, query.with_ideal, result.version);
    if (result.baseline) {
      AddGrades(grader, result.suite_case, query.with_ideal, *result.baseline);
    }
    size_t bytes_left = sql::kMaxReadBytes;
    FitOutputs(result.version, bytes_left);
    if (result.baseline) FitOutputs(*result.baseline, bytes_left);
    bytes += BytesOf(result);
    if (bytes <= sql::kMaxReadBytes || i == 0) continue;
    page.next_after_case_id = results[i - 1].suite_case.case_id;
    results.resize(i);
    break;
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
