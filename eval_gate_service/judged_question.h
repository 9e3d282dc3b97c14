// What a verdict is asked for: by the release policy where it names the suite, else by the request.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_JUDGED_QUESTION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_JUDGED_QUESTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// What JudgeVersion asks for.
struct VerdictRequest {
  std::string verdict_id;
  std::string suite_id;
  std::string model_version;
  // Of an exploration; empty: floors only.
  std::string baseline_model_version;
  // Of an exploration; the default where there is none.
  std::optional<Bar> bar = {};
  Labels labels = {};
};

// By which bar a version is judged, and against which others.
struct JudgedQuestion {
  ReleaseQuestion asked;
  // 0: an exploration.
  int64_t policy_version = 0;
  // From 1; 0: an exploration.
  int look = 0;

  // The versions to compare with: baseline, reference.
  std::vector<std::string> Versions() const;

  friend bool operator==(const JudgedQuestion&, const JudgedQuestion&) = default;
};

// The question of the request on the suite. INVALID_ARGUMENT where it contradicts the policy, or
// neither floor nor baseline could decide; PERMISSION_DENIED; OUTDATED where the policy's suite has
// a newer version, or others than its judges could have touched this one; ALREADY_ENDED where the
// version had all its looks, or no case is new; NOT_ENOUGH_DATA where the suite has fewer cases
// than the bar wants.
absl::StatusOr<JudgedQuestion> FindQuestion(sql::Connection& connection, const rpc::Actor& actor,
                                            const VerdictRequest& request, const Suite& suite);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_JUDGED_QUESTION_H_
