// Decision rule of shipping: may a model version ship, by its agent's release policy?
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eval_gate_service/domain/release_policy.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// What the policy's suite asks of a version today. A verdict that was given for another bar, or
// against other versions, answers another question.
struct ReleaseQuestion {
  Bar bar;
  // Empty where there is none.
  std::string baseline_model_version;
  // Empty where there is none, or it is the baseline or the candidate.
  std::string reference_model_version;

  friend bool operator==(const ReleaseQuestion&, const ReleaseQuestion&) = default;
};

// The question to `candidate`. A version is not compared with itself: where it is the reference,
// the baseline alone counts, and where it is the baseline, nothing but floors and the reference.
ReleaseQuestion QuestionTo(const std::string& candidate, const Bar& bar,
                           const Baselines& baselines);

// Whether the verdict was given for this bar against these versions.
bool Answers(const Verdict& verdict, const ReleaseQuestion& question);

// Why a suite says what it says. The numbers are those of the wire.
enum class StandingReason {
  kPassed = 1,
  kBlocked = 2,
  kUndecided = 3,
  kNotJudged = 4,
  kOtherBar = 5,
  kOtherBaseline = 6,
  kWaived = 7,
};

// Where a version stands with one suite of the policy.
struct SuiteStanding {
  std::string suite_name;
  Decision decision = Decision::kNone;
  StandingReason reason = StandingReason::kNotJudged;
  std::string message = {};
  // The one that says so; without its findings, unless they are put in.
  std::optional<Verdict> verdict = {};
  std::optional<VerdictWaiver> waiver = {};
};

// May it ship?
struct ShipDecision {
  bool may_ship = false;
  Decision decision = Decision::kNotConfigured;
  std::vector<SuiteStanding> suites = {};
  // 0 without a policy.
  int64_t policy_version = 0;
  Baselines baselines = {};
  std::string message = {};
};

// "May this version serve this agent?"
struct ShipQuestion {
  std::string model_version;
  std::string agent;
  // What it would replace, where the caller knows.
  std::string baseline_model_version = {};
};

// What is known when the question is asked.
struct ShipEvidence {
  ReleasePolicy policy;
  Baselines baselines;
  // Those on the version that a policy of the agent asked for, the newest first, without findings.
  std::vector<Verdict> verdicts;
  // Those for the version, ended ones included.
  std::vector<VerdictWaiver> waivers;
};

// For every suite of the policy: a BLOCK decides, whatever was asked when it was given, because a
// model version never changes and what was found of it stays true; else a PASS that answers today's
// question; else an INCONCLUSIVE that does; else it has to be judged. Of all suites the strictest
// decides: BLOCK, INCONCLUSIVE, not judged, PASS. Where the question names a version that
// candidates are not compared with, it is INCONCLUSIVE at best. It may ship where it is PASS, or
// waivers cover every suite that is not.
ShipDecision DecideShip(const ShipQuestion& question, const ShipEvidence& evidence, absl::Time now);

// The suite whose verdict says most of the decision: the strictest that no waiver covers, else the
// strictest waived one, else the first. Null without suites.
const SuiteStanding* DecidingSuite(const ShipDecision& decision);

// The answer without a policy.
ShipDecision NotConfigured(const ShipQuestion& question);

// Whether a version that is approved takes the place of the reference: every suite of the policy
// says PASS for it, and shows it to be no worse than the reference at all: the lower bound of the
// difference is at 0 or above. By the difference alone chance would move it, down as well as up,
// and small losses would add up unseen after all. `standings` have their findings.
bool IsNewReference(const std::vector<SuiteStanding>& standings, const std::string& reference);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_
