// Decision rule of shipping: may a model version ship, by all verdicts that were given on it?
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// "May this version serve this agent, in the place of that one?"
struct ShipQuestion {
  std::string model_version;
  std::string agent;
  // The version that serves now; empty: none does, so floors are enough.
  std::string baseline_model_version;
};

// The answer to one question, from the verdicts that it is shown. Every verdict on the version and
// agent counts and none is ever taken back: PASS needs at least one, and all of them to be PASS. A
// model version never changes, so a BLOCK on it stays true, and neither an easier suite, nor a
// suite with the same bar that asks once more, nor a verdict without the baseline makes it a PASS.
// INCONCLUSIVE stands for the same reason: each further suite would be another chance of a wrong
// PASS. A model that was mended has a new version id.
//
// The operator's least bar is no part of it: no suite is made below that (CheckLeastBar in
// suite_bar.h). Nor are waivers, which the experiment service takes by name.
class ShipDecision {
 public:
  explicit ShipDecision(ShipQuestion question) : question_(std::move(question)) {}

  // Takes the verdicts on the version in, each once, the newest first; those for another agent or
  // version do not count. Their findings do not matter.
  void Add(const Verdict& verdict);

  // The verdict that decides; null where none counts. BLOCK before INCONCLUSIVE before PASS. Of
  // equal ones first those with the asked baseline or none, then those against another, then
  // those without any; then the newest.
  const Verdict* strictest() const { return strictest_ ? &*strictest_ : nullptr; }

  // What the strictest verdict decided, kNone without any. But where the question names the version
  // that serves, a PASS that did not compare with it is INCONCLUSIVE, because anybody can name a
  // baseline that is easily beaten, or none.
  Decision decision() const;

 private:
  // Whether `verdict` decides rather than `other`, which is newer.
  bool Stricter(const Verdict& verdict, const Verdict& other) const;

  const ShipQuestion question_;
  std::optional<Verdict> strictest_;
};

// Whether the findings of a PASS answer a question that names no baseline, as one that names a
// baseline is answered by ShipDecision: where nothing serves, a floor has to be reached, because
// anything can be compared with something that is no better.
bool AnswersAlone(const ShipQuestion& question, const std::vector<Finding>& findings);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SHIP_DECISION_H_
