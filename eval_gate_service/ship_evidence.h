// What the store knows when somebody asks whether a version may ship.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SHIP_EVIDENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SHIP_EVIDENCE_H_

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// Nothing where the agent has no policy.
absl::StatusOr<std::optional<ShipEvidence>> ReadShipEvidence(sql::Connection& connection,
                                                             const std::string& project,
                                                             const std::string& agent,
                                                             const std::string& model_version);

// Puts the findings into the verdicts of the standings.
absl::Status ReadStandingFindings(sql::Connection& connection, const std::string& project,
                                  std::span<SuiteStanding> standings);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SHIP_EVIDENCE_H_
