#include "eval_gate_service/verdict_replayer.h"

#include <optional>
#include <utility>

#include "eval_gate_service/domain/verdict_figures.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Every number of cases that is tried asks all rules anew.
constexpr int64_t kMostCountedCases = 20'000;

absl::StatusOr<Verdict> FindVerdict(sql::Connection& connection, const std::string& project,
                                    const std::string& verdict_id) {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> stored,
                   VerdictStore(connection).Find(project, verdict_id));
  if (stored) return std::move(stored->verdict);
  return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
}

}  // namespace

absl::StatusOr<VerdictReplay> VerdictReplayer::Replay(const std::string& project,
                                                      const std::string& verdict_id,
                                                      const Deadline& deadline) {
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<VerdictReplay> {
    ASSIGN_OR_RETURN(Verdict verdict, FindVerdict(connection, project, verdict_id));
    VerdictReplay replay{std::move(verdict)};
    replay.replayed_by = code_version_;
    RETURN_IF_ERROR(ReplayIn(connection, project, deadline, /*with_figures=*/false, replay));
    return replay;
  });
}

absl::StatusOr<ExplainedVerdict> VerdictReplayer::Explain(const std::string& project,
                                                          const std::string& verdict_id,
                                                          const Deadline& deadline) {
  std::optional<VerdictFigures> figures;
  ASSIGN_OR_RETURN(
      Verdict verdict, database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Verdict> {
        ASSIGN_OR_RETURN(Verdict found, FindVerdict(connection, project, verdict_id));
        figures = FiguresOf(found);
        if (figures || found.suite_cases - found.erased_cases > kMostCountedCases) return found;
        VerdictReplay replay{found};
        replay.replayed_by = code_version_;
        RETURN_IF_ERROR(ReplayIn(connection, project, deadline, /*with_figures=*/true, replay));
        figures = std::move(replay.figures);
        return found;
      }));
  ASSIGN_OR_RETURN(VerdictExplanation explanation, ExplainVerdict(verdict, figures));
  return ExplainedVerdict{std::move(verdict), std::move(explanation)};
}

}  // namespace flywheel::evalgate
