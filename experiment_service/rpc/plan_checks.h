// Checks of arms, metrics and plans, in whichever request they stand.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_PLAN_CHECKS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_PLAN_CHECKS_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstddef>
#include <string>

#include "flywheel/experiment/v1/experiment.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

inline constexpr size_t kMaxVersionBytes = 128;  // As ingest records them.
inline constexpr size_t kMaxNameBytes = 256;     // Metrics, owners.
// Of a text of a client that an error repeats.
inline constexpr size_t kShownTextBytes = 40;
// Beyond, the square of one value would swallow the digits of all others in the counts, and taking
// it out again would not bring them back.
inline constexpr double kMaxValue = 1e12;

// Whether an arm has to name the version that it serves.
enum class Versions { kRequired, kOptional };

// `arms`, of a request's field of this name.
void CheckArms(const google::protobuf::RepeatedPtrField<v1::Arm>& arms, Versions versions,
               rpc::FieldChecks& checks);

// A request's field `plan`.
void CheckPlan(const v1::AnalysisPlan& plan, rpc::FieldChecks& checks);

// What a metric asks: its direction, goal and scale, min_lift and margin. `place` comes before the
// fields' names, such as "metric.".
void CheckGoal(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks);

void CheckAlpha(const std::string& field, double alpha, rpc::FieldChecks& checks);

// Above 0, at most `high`.
void CheckAbove0(const std::string& field, double value, double high, rpc::FieldChecks& checks);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_PLAN_CHECKS_H_
