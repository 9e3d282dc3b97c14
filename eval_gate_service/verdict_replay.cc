#include "eval_gate_service/verdict_replay.h"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/content_inspection.h"
#include "eval_gate_service/domain/evidence_hash.h"
#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/release_policy.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/store/approval_store.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/verdict_evidence.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr char kGone[] = "nothing";

// A verdict of before hashed its evidence otherwise: the same evidence is the same.
std::string HashAsIn(const Verdict& verdict, const Evidence& evidence, std::string now) {
  if (verdict.evidence_hash == now) return now;
  std::vector<const std::vector<JudgedCase>*> versions;
  versions.reserve(evidence.versions.size());
  for (const VersionOutcomes& one : evidence.versions) versions.push_back(&one.outcomes->cases);
  std::string before = EvidenceHashOfBefore(versions, evidence.versions.front().run.contamination);
  return verdict.evidence_hash == before ? before : now;
}

// One replay, in one snapshot of the store.
class Replaying {
 public:
  Replaying(sql::Connection& connection, const std::string& project, const Deadline& deadline,
            VerdictReplay& replay)
      : connection_(connection), project_(project), deadline_(deadline), replay_(replay) {}

  // `with_figures`: of the evidence.
  absl::Status Replay(bool with_figures) {
    const Verdict& verdict = replay_.verdict;
    if (verdict.run_id.empty()) {
      Without(ReplayResult::kNotPossible,
              "It was given before there were runs: which outputs it was decided on is not "
              "recorded");
      return absl::OkStatus();
    }
    // Step 1: what was asked.
    Evidence evidence;
    ASSIGN_OR_RETURN(const bool same_question, ReadQuestion(evidence.question));
    if (!same_question) return absl::OkStatus();
    // Step 2: what it was asked on.
    ASSIGN_OR_RETURN(const bool same_suite, FindSuite(evidence));
    if (!same_suite) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool same_runs, FindRuns(evidence));
    if (!same_runs) return absl::OkStatus();
    // Step 3: whether that is what it was, as far as it is still there.
    ASSIGN_OR_RETURN(const bool unchanged, IsUnchanged(evidence));
    if (!unchanged || !IsThere() || !HasEvaluators(evidence.suite)) return absl::OkStatus();
    // Step 4: what the rules say of it now.
    RETURN_IF_ERROR(ReadCases(evidence));
    std::optional<VerdictTallies> tallies;
    if (with_figures) {
      tallies =
          TallyVersions(evidence.question.asked.bar, evidence.versions.front().outcomes->cases,
                        ComparedVersions(evidence));
    }
    ASSIGN_OR_RETURN(Verdict replayed, DecideEvidence(evidence));
    for (Finding& finding : replayed.findings) {
      if (finding.kind == FindingKind::kUnfinishedRuns) finding.message = unfinished_->message;
    }
    replayed.evidence_hash = HashAsIn(verdict, evidence, std::move(replayed.evidence_hash));
    replayed.code_version = replay_.replayed_by;
    Conclude(FirstDifference(verdict, replayed));
    if (tallies && replay_.result == ReplayResult::kMatches) {
      replay_.figures =
          FiguresOf(verdict, std::move(tallies->alone), std::move(tallies->comparisons));
    }
    return absl::OkStatus();
  }

 private:
  // False where the store has another answer, which then is in the replay.
  absl::StatusOr<bool> ReadQuestion(JudgedQuestion& question) {
    const Verdict& verdict = replay_.verdict;
    question.policy_version = verdict.policy_version;
    question.look = verdict.look;
    question.asked = {verdict.bar, verdict.baseline_model_version, verdict.reference_model_version};
    for (const Finding& finding : verdict.findings) {
      if (finding.kind == FindingKind::kUnfinishedRuns) unfinished_ = finding;
    }
    if (verdict.policy_version == 0) return true;
    ASSIGN_OR_RETURN(
        const std::optional<StoredPolicy> stored,
        PolicyStore(connection_).Find(project_, verdict.agent, verdict.policy_version));
    if (!stored) {
      return OtherQuestion({"policy_version", fmt::format("{}", verdict.policy_version), kGone});
    }
    const SuiteRequirement* const required = stored->policy.Find(verdict.suite_name);
    if (required == nullptr) return OtherQuestion({"suite_name", verdict.suite_name, kGone});
    if (required->bar != verdict.bar) {
      return OtherQuestion({"bar", "that of the verdict", "that of the policy"});
    }
    ASSIGN_OR_RETURN(const std::optional<StoredApproval> approved, ApprovedBefore());
    const ReleaseQuestion asked =
        QuestionTo(verdict.model_version, required->bar,
                   BaselinesOf(stored->policy, approved ? &approved->approval : nullptr));
    if (asked.baseline_model_version != verdict.baseline_model_version) {
      return OtherQuestion(
          {"baseline_model_version", verdict.baseline_model_version, asked.baseline_model_version});
    }
    if (asked.reference_model_version != verdict.reference_model_version) {
      return OtherQuestion({"reference_model_version", verdict.reference_model_version,
                            asked.reference_model_version});
    }
    return true;
  }

  // What stood when the verdict was given.
  absl::StatusOr<std::optional<StoredApproval>> ApprovedBefore() {
    const Verdict& verdict = replay_.verdict;
    ASSIGN_OR_RETURN(const std::optional<ReleaseThing> approval,
                     ReleaseLogStore(connection_)
                         .LastBefore(project_, ReleaseKind::kBaselineApproval,
                                     {ReleaseKind::kVerdict, verdict.agent, verdict.verdict_id}));
    if (!approval) return std::nullopt;
    return ApprovalStore(connection_).Find(project_, approval->resource_id);
  }

  absl::StatusOr<bool> FindSuite(Evidence& evidence) {
    const Verdict& verdict = replay_.verdict;
    ASSIGN_OR_RETURN(std::optional<StoredSuite> stored,
                     SuiteStore(connection_).Find(project_, verdict.suite_id));
    if (!stored) return OtherQuestion({"suite_id", verdict.suite_id, kGone});
    evidence.suite = std::move(stored->suite);
    replay_.erased_since = evidence.suite.erased_cases - verdict.erased_cases;
    return true;
  }

  // Nothing is decided on cases or outputs that somebody changed.
  absl::StatusOr<bool> IsUnchanged(const Evidence& evidence) {
    const Suite& suite = evidence.suite;
    ASSIGN_OR_RETURN(bool unchanged, Holds({ReleaseKind::kSuite, suite.agent, suite.suite_id}));
    if (!unchanged) replay_.changed_suite_id = suite.suite_id;
    for (const VersionOutcomes& version : evidence.versions) {
      if (!unchanged) return false;
      const Run& run = version.run;
      ASSIGN_OR_RETURN(unchanged, Holds({ReleaseKind::kRun, run.agent, run.run_id}));
      if (!unchanged) replay_.changed_run_id = run.run_id;
    }
    return unchanged;
  }

  absl::StatusOr<bool> Holds(const ReleaseThing& thing) {
    ASSIGN_OR_RETURN(const bool of_before,
                     ReleaseLogStore(connection_).IsOfBefore(project_, thing));
    ContentInspection inspection(project_, thing, of_before);
    for (bool done = false; !done;) {
      RETURN_IF_ERROR(deadline_.Check());
      ASSIGN_OR_RETURN(done, inspection.Step(connection_));
    }
    if (!inspection.fault()) {
      (thing.kind == ReleaseKind::kSuite ? unchecked_cases_ : unchecked_outputs_) +=
          inspection.counts().unchecked;
      return true;
    }
    replay_.result = ReplayResult::kEvidenceChanged;
    replay_.message = inspection.fault()->message + ". Nothing was decided on that.";
    return false;
  }

  bool IsThere() {
    if (replay_.erased_since <= 0) return true;
    const Verdict& verdict = replay_.verdict;
    Without(ReplayResult::kEvidenceErased,
            fmt::format("{} of its {} cases were erased since, with people and with every output",
                        replay_.erased_since, verdict.cases_left()));
    return false;
  }

  bool HasEvaluators(const Suite& suite) {
    if (Grader::Make(suite.evaluators).ok()) return true;
    Without(
        ReplayResult::kNotPossible,
        fmt::format("This version of the gate does not have an evaluator of suite '{}' any more",
                    suite.suite_id));
    return false;
  }

  absl::StatusOr<bool> FindRuns(Evidence& evidence) {
    const Verdict& verdict = replay_.verdict;
    RunStore runs(connection_);
    ASSIGN_OR_RETURN(std::optional<StoredRun> run, runs.Find(project_, verdict.run_id));
    if (!run || run->run.state != RunState::kFinished || run->run.suite_id != verdict.suite_id) {
      return OtherEvidence({"run_id", verdict.run_id, kGone});
    }
    evidence.versions.push_back({std::move(run->run), {}});
    for (const std::string& version : evidence.question.Versions()) {
      ASSIGN_OR_RETURN(std::optional<Run> finished,
                       runs.FindFinished({project_, verdict.suite_id, version}));
      if (!finished) return OtherEvidence({"baseline_model_version", version, kGone});
      evidence.versions.push_back({*std::move(finished), {}});
    }
    if (unfinished_) evidence.unfinished.with_outputs = unfinished_->cases;
    return true;
  }

  // From the store, and not from what is held of it: it is looked for what was changed there.
  absl::Status ReadCases(Evidence& evidence) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const SuiteOutline> outline,
                     ReadOutline(connection_, project_, evidence.suite, deadline_));
    for (VersionOutcomes& version : evidence.versions) {
      ASSIGN_OR_RETURN(version.outcomes,
                       ReadOutcomes(connection_, project_, version.run, outline, deadline_));
    }
    return absl::OkStatus();
  }

  bool OtherQuestion(VerdictDifference difference) {
    Differ(std::move(difference),
           "what is stored of the question is not what the verdict was given for");
    return false;
  }

  bool OtherEvidence(VerdictDifference difference) {
    Differ(std::move(difference),
           "what became of the cases, as it is stored, is not what the verdict was given on");
    return false;
  }

  void Differ(VerdictDifference difference, const std::string& why) {
    replay_.result = ReplayResult::kDiffers;
    replay_.message = fmt::format("{} is '{}' in the verdict and '{}' now: {}.", difference.field,
                                  difference.stored, difference.replayed, why);
    replay_.difference = std::move(difference);
  }

  void Conclude(std::optional<VerdictDifference> difference) {
    const Verdict& verdict = replay_.verdict;
    if (!difference) {
      replay_.result = ReplayResult::kMatches;
      replay_.message = fmt::format(
          "The same again, bit for bit: decision, {} findings and their figures, on {} cases.",
          verdict.findings.size(), verdict.cases_left());
      if (unchecked_cases_ + unchecked_outputs_ > 0) {
        replay_.message += fmt::format(
            " {} cases and {} outputs of these are older than their seals: nobody can say whether "
            "they are what they were.",
            unchecked_cases_, unchecked_outputs_);
      }
      return;
    }
    if (difference->field == "bar_hash") {
      OtherQuestion(*std::move(difference));
      return;
    }
    if (difference->field == "evidence_hash") {
      OtherEvidence(*std::move(difference));
      return;
    }
    const bool same_code = verdict.code_version == replay_.replayed_by;
    Differ(*std::move(difference),
           verdict.evidence_hash.empty()
               ? std::string("the evidence, the rules or what is stored of the verdict is another")
           : same_code
               ? std::string("the evidence is the same and so is the code, so what is stored of "
                             "the verdict was changed")
               : fmt::format("the evidence is the same, and the code is not: {} gave it, this is "
                             "{}. Its rules decide otherwise, or what is stored of the verdict was "
                             "changed, which VerifyReleaseLog tells",
                             verdict.code_version, replay_.replayed_by));
  }

  // What is left where the evidence is not there.
  void Without(ReplayResult result, const std::string& why) {
    replay_.result = result;
    replay_.counts_agree = FiguresOf(replay_.verdict).has_value();
    replay_.message =
        why + (replay_.counts_agree
                   ? ". Its own counts, which stay, still give the decision and the findings."
                   : ". Its counts alone do not give it, which shows nothing: they are not all "
                     "that its rules looked at.");
  }

  sql::Connection& connection_;
  const std::string& project_;
  const Deadline& deadline_;
  VerdictReplay& replay_;
  // What it said of other runs, which go on.
  std::optional<Finding> unfinished_;
  // Of the suite, and of all runs.
  int64_t unchecked_cases_ = 0;
  int64_t unchecked_outputs_ = 0;
};

}  // namespace

absl::Status ReplayIn(sql::Connection& connection, const std::string& project,
                      const Deadline& deadline, bool with_figures, VerdictReplay& replay) {
  return Replaying(connection, project, deadline, replay).Replay(with_figures);
}

}  // namespace flywheel::evalgate
