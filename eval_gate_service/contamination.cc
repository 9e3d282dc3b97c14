#include "eval_gate_service/contamination.h"

#include <cstdint>
#include <vector>

#include "eval_gate_service/store/suite_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kQuestionsPerRead = 1'000;

}  // namespace

absl::StatusOr<Contamination> ContaminationFinder::Find(const std::string& project,
                                                        const Suite& suite, const Run& run,
                                                        const Deadline& deadline) const {
  Contamination found;
  if (!suite.dataset_version_id.empty()) return found;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<SuiteCase> cases,
                     database_->Read([&](sql::Connection& connection) {
                       return SuiteStore(connection)
                           .Cases(project, suite.suite_id, after, kQuestionsPerRead,
                                  /*with_questions=*/true);
                     }));
    if (cases.empty()) return found;
    after = cases.back().case_id;
    ASSIGN_OR_RETURN(
        const std::vector<size_t> taught,
        curation_->FindTaught(project, cases, Learner{run.agent, run.model_version}, deadline));
    found.cases += static_cast<int64_t>(taught.size());
    for (const size_t place : taught) {
      if (found.case_ids.size() == Contamination::kNamedCases) break;
      found.case_ids.push_back(cases[place].case_id);
    }
  }
}

}  // namespace flywheel::evalgate
