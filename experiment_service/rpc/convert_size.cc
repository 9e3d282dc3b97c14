#include "experiment_service/rpc/convert_size.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "experiment_service/rpc/convert.h"

namespace flywheel::experiment {
namespace {

// As long as a plan's min_duration where it says nothing.
int64_t DefaultDays() { return AnalysisPlan().min_duration / absl::Hours(24); }

}  // namespace

SizeQuestion FromProto(const v1::PlanExperimentRequest& request) {
  SizeQuestion question;
  question.metric = FromProto(request.metric(), Goal::kSuperior);
  question.control_mean = request.control_mean();
  if (request.has_standard_deviation()) question.standard_deviation = request.standard_deviation();
  if (request.has_power()) question.power = request.power();
  if (request.has_alpha()) question.alpha = request.alpha();
  question.treatments = std::max(1, request.treatments());
  if (request.has_treatment_share()) question.treatment_share = request.treatment_share();
  return question;
}

void ToProto(const ExperimentSize& size, const v1::PlanExperimentRequest& request,
             v1::PlanExperimentResponse* response) {
  const int64_t per_day = request.units_per_day();
  if (request.has_lift()) {
    if (const std::optional<Size> planned = size.SizeFor(request.lift())) {
      response->set_planned_units(planned->planned_units);
      response->set_fixed_sample_units(planned->fixed_sample_units);
      response->set_power(planned->power);
      if (per_day > 0) response->set_days((planned->planned_units + per_day - 1) / per_day);
    }
  }
  if (per_day == 0) return;
  const int64_t days = request.has_days() ? int64_t{request.days()} : DefaultDays();
  const auto units = static_cast<double>(per_day * days);
  if (const std::optional<double> lift = size.DetectableLift(units)) {
    response->set_minimum_detectable_lift(*lift);
  }
}

}  // namespace flywheel::experiment
