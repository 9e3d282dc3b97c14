// Checks of where the outcomes of a metric come from.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_SOURCE_CHECKS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_SOURCE_CHECKS_H_

#include <string>

#include "flywheel/experiment/v1/outcome_source.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

// `place` is that of the source, such as "plan.primary.source.".
void CheckSource(const v1::OutcomeSource& source, const std::string& place,
                 rpc::FieldChecks& checks);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_SOURCE_CHECKS_H_
