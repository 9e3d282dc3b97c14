#include "eval_gate_service/verdict_replayer.h"

#include <optional>
#include <utility>

#include "eval_gate_service/domain/verdict_figures.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Every number of cases that is tried asks all rules anew.
constexpr int64_t kMostCountedCases = 20'000;

}  // namespace

absl::StatusOr<VerdictReplay> VerdictReplayer::Replay(const std::string& project,
                                                      const std::string& verdict_id,
                                                      const Deadline& deadline) {
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<VerdictReplay> {
    ASSIGN_OR_RETURN(Verdict verdict, VerdictStore(connection).Get(project, verdict_id));
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
        ASSIGN_OR_RETURN(Verdict found, VerdictStore(connection).Get(project, verdict_id));
        figures = FiguresOf(found);
        if (figures || found.cases_left() > kMostCountedCases) return found;
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
