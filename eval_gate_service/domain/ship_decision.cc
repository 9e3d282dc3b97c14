#include "eval_gate_service/domain/ship_decision.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval_gate_service/domain/version_key.h"

namespace flywheel::evalgate {
namespace {

// The lowest decides.
int RankOf(Decision decision) {
  switch (decision) {
    case Decision::kBlock:
      return 0;
    case Decision::kInconclusive:
      return 1;
    case Decision::kNone:
    case Decision::kNotConfigured:
      return 2;
    case Decision::kPass:
      return 3;
  }
  return 0;
}

// Such as "against 'm0', and 'm7' as the reference".
std::string AgainstText(const std::string& baseline, const std::string& reference) {
  std::string text =
      baseline.empty() ? std::string("without a baseline") : fmt::format("against '{}'", baseline);
  if (!reference.empty()) text += fmt::format(", and '{}' as the reference", reference);
  return text;
}

// Such as "verdict 'v-7' (suite 'refunds', version 3, against 'agent-4')".
std::string Named(const Verdict& verdict) {
  return fmt::format("verdict '{}' (suite '{}', version {}, {})", verdict.verdict_id,
                     verdict.suite_name, verdict.suite_version,
                     AgainstText(verdict.baseline_model_version, verdict.reference_model_version));
}

// `asked` is how many verdicts answer today's question.
void Describe(const ReleaseQuestion& today, int asked, SuiteStanding& standing) {
  const std::string against =
      AgainstText(today.baseline_model_version, today.reference_model_version);
  switch (standing.reason) {
    case StandingReason::kPassed:
      standing.message = "PASS by " + Named(*standing.verdict);
      break;
    case StandingReason::kBlocked:
      standing.message =
          "BLOCK by " + Named(*standing.verdict) +
          ": it stands. Mend the version and give it a new name, or waive the verdict by name";
      break;
    case StandingReason::kUndecided:
      standing.message = "INCONCLUSIVE by " + Named(*standing.verdict) +
                         (asked < kMostLooks ? ": judge it on a larger version of the suite"
                                             : ": it was looked at as often as it may be");
      break;
    case StandingReason::kNotJudged:
      standing.message = fmt::format(
          "not judged on suite '{}' yet: submit its outputs and judge it", standing.suite_name);
      break;
    case StandingReason::kOtherBar:
      standing.message = "judged for another bar, by " + Named(*standing.verdict) +
                         ": judge it for that of today, under a new verdict_id";
      break;
    case StandingReason::kOtherBaseline:
      standing.message = "judged against other versions, by " + Named(*standing.verdict) +
                         ": judge it " + against + ", under a new verdict_id";
      break;
    case StandingReason::kWaived:
      // Only Waive says so, and has words of its own.
      break;
  }
}

// The strongest word on one suite: see DecideShip.
SuiteStanding StandingOf(const ShipQuestion& question, const SuiteRequirement& required,
                         const ShipEvidence& evidence) {
  SuiteStanding standing{required.suite_name};
  const ReleaseQuestion today =
      QuestionTo(question.model_version, required.bar, evidence.baselines);
  const bool serves = IsSameVersion(question.model_version, evidence.baselines.baseline);
  // A lower rank is a stronger word; among equals the newest, which comes first.
  int strongest = 5;
  int asked = 0;
  const auto take = [&](int rank, const Verdict& verdict, Decision decision,
                        StandingReason reason) {
    if (rank >= strongest) return;
    strongest = rank;
    standing.verdict = verdict;
    standing.decision = decision;
    standing.reason = reason;
  };
  for (const Verdict& verdict : evidence.verdicts) {
    if (verdict.suite_name != required.suite_name || verdict.policy_version == 0) continue;
    // Whoever takes a key off the list has no faith in its PASS any more. Its BLOCK stands, or
    // every new key would lift those of the old one; a waiver is the way out.
    if (!evidence.policy.Trusts(verdict.created_by) && verdict.decision != Decision::kBlock)
      continue;
    if (Answers(verdict, today)) ++asked;
    if (verdict.decision == Decision::kBlock) {
      take(0, verdict, Decision::kBlock, StandingReason::kBlocked);
      continue;
    }
    // What it was compared with serves no more: what it showed then is enough.
    const bool answers = serves ? verdict.bar == required.bar : Answers(verdict, today);
    if (!answers) {
      const bool other_bar = verdict.bar != required.bar;
      take(other_bar ? 4 : 3, verdict, Decision::kNone,
           other_bar ? StandingReason::kOtherBar : StandingReason::kOtherBaseline);
    } else if (verdict.decision == Decision::kPass) {
      take(1, verdict, Decision::kPass, StandingReason::kPassed);
    } else {
      take(2, verdict, Decision::kInconclusive, StandingReason::kUndecided);
    }
  }
  Describe(today, asked, standing);
  return standing;
}

// The newest one that speaks of the suite; an ended one takes back those before it. It covers what
// was found before it alone: a later BLOCK is news.
void Waive(const ShipEvidence& evidence, absl::Time now, SuiteStanding& standing) {
  const auto newest =
      std::find_if(evidence.waivers.begin(), evidence.waivers.end(),
                   [&](const VerdictWaiver& one) { return one.SpeaksOf(standing.suite_name); });
  if (newest == evidence.waivers.end() || now >= newest->expire_time) return;
  if (standing.verdict && standing.verdict->create_time > newest->create_time) return;
  standing.waiver = *newest;
  if (standing.decision == Decision::kPass) return;
  standing.reason = StandingReason::kWaived;
  standing.message =
      fmt::format("waived by {} until {}: {}; found was: {}", newest->owner,
                  absl::FormatTime(absl::RFC3339_sec, newest->expire_time, absl::UTCTimeZone()),
                  newest->reason, standing.message);
}

// The first of the strictest ones that no waiver covers; else of all that are no PASS. Null where
// all are.
const SuiteStanding* Deciding(const std::vector<SuiteStanding>& suites) {
  const SuiteStanding* deciding = nullptr;
  const auto rank = [](const SuiteStanding& one) {
    return (one.waiver ? 10 : 0) + RankOf(one.decision);
  };
  for (const SuiteStanding& one : suites) {
    if (one.decision == Decision::kPass) continue;
    if (deciding == nullptr || rank(one) < rank(*deciding)) deciding = &one;
  }
  return deciding;
}

std::string MessageOf(const ShipQuestion& question, const ShipDecision& decision,
                      bool other_baseline) {
  const SuiteStanding* const deciding = Deciding(decision.suites);
  std::string message = deciding == nullptr ? fmt::format("every suite of policy {} says PASS",
                                                          decision.policy_version)
                                            : deciding->message;
  if (other_baseline) {
    message += fmt::format("; but the caller would replace '{}', and versions are judged {}",
                           question.baseline_model_version,
                           AgainstText(decision.baselines.baseline, decision.baselines.reference));
  }
  return message;
}

}  // namespace

ReleaseQuestion QuestionTo(const std::string& candidate, const Bar& bar,
                           const Baselines& baselines) {
  ReleaseQuestion question{bar, baselines.baseline, baselines.reference};
  if (IsSameVersion(candidate, question.baseline_model_version))
    question.baseline_model_version.clear();
  if (IsSameVersion(candidate, question.reference_model_version) ||
      IsSameVersion(question.baseline_model_version, question.reference_model_version)) {
    question.reference_model_version.clear();
  }
  return question;
}

bool Answers(const Verdict& verdict, const ReleaseQuestion& question) {
  return verdict.bar == question.bar &&
         IsSameVersion(verdict.baseline_model_version, question.baseline_model_version) &&
         IsSameVersion(verdict.reference_model_version, question.reference_model_version);
}

ShipDecision DecideShip(const ShipQuestion& question, const ShipEvidence& evidence,
                        absl::Time now) {
  ShipDecision decision;
  decision.decision = Decision::kPass;
  decision.policy_version = evidence.policy.policy_version;
  decision.baselines = evidence.baselines;
  bool may_ship = true;
  bool all_waived = true;
  for (const SuiteRequirement& required : evidence.policy.suites) {
    SuiteStanding standing = StandingOf(question, required, evidence);
    Waive(evidence, now, standing);
    if (RankOf(standing.decision) < RankOf(decision.decision)) {
      decision.decision = standing.decision;
    }
    may_ship = may_ship && (standing.decision == Decision::kPass || standing.waiver);
    all_waived = all_waived && standing.waiver;
    decision.suites.push_back(std::move(standing));
  }
  const bool other_baseline =
      !question.baseline_model_version.empty() &&
      !IsSameVersion(question.baseline_model_version, evidence.baselines.baseline);
  if (other_baseline) {
    may_ship = all_waived;
    if (RankOf(decision.decision) > RankOf(Decision::kInconclusive)) {
      decision.decision = Decision::kInconclusive;
    }
  }
  decision.may_ship = may_ship;
  decision.message = MessageOf(question, decision, other_baseline);
  return decision;
}

const SuiteStanding* DecidingSuite(const ShipDecision& decision) {
  const SuiteStanding* const deciding = Deciding(decision.suites);
  if (deciding != nullptr || decision.suites.empty()) return deciding;
  return &decision.suites.front();
}

ShipDecision NotConfigured(const ShipQuestion& question) {
  ShipDecision decision;
  decision.message = fmt::format(
      "agent '{}' has no release policy, so nothing says what may ship: an owner sets one "
      "(SetReleasePolicy)",
      question.agent);
  return decision;
}

bool IsNewReference(const std::vector<SuiteStanding>& standings, const std::string& reference) {
  if (reference.empty()) return true;
  return std::all_of(standings.begin(), standings.end(), [&](const SuiteStanding& standing) {
    if (standing.decision != Decision::kPass || !standing.verdict) return false;
    const std::vector<Finding>& findings = standing.verdict->findings;
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.cohort.empty() && IsSameVersion(finding.baseline_model_version, reference) &&
             finding.lower >= 0;
    });
  });
}

}  // namespace flywheel::evalgate
