#include <cstdint>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/domain/missing_outcomes.h"
#include "tests/experiment_service/domain/statistics_examples.h"

namespace flywheel::experiment {

// Of arms that are the same but for their sizes, or for who reports.
Found SampleRatio(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const std::vector<int64_t> exposed = given.Counts("exposed");
  std::vector<ArmCounts> arms;
  for (const int64_t units : exposed) {
    OutcomeCounts::Parts parts;
    parts.units = units;
    arms.emplace_back().metrics = {OutcomeCounts(parts)};
    arms.back().exposed_units = units;
  }
  const Analysis analysis = Analyze(experiment, Assignment("p", experiment).shares(), arms,
                                    experiment.create_time + Days(20));
  const double p = analysis.quality.sample_ratio_p_value;
  return {{"chi-square p", One(analysis.sample_ratio_p_value)},
          {"p", One(p)},
          {"answer", std::string(p < kSampleRatioHold      ? "HOLD"
                                 : p < kSampleRatioWarning ? "warning"
                                                           : "none")}};
}

Found MissingOutcomes(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const ReportingArms arms{given.Counts("exposed"), given.Counts("with outcome"),
                           given.Counts("matured without")};
  const double p = MissingOutcomesPValue(Assignment("p", experiment).shares(), arms);
  return {{"p", One(p)}, {"answer", std::string(p < kMissingOutcomesHold ? "HOLD" : "none")}};
}

Found Planned(Given& given) {
  SizeQuestion question;
  question.metric = MetricOf(given, "", Goal::kSuperior);
  question.control_mean = given.Has("rate") ? given.Number("rate", 0) : given.Number("mean", 0);
  if (given.Has("sd")) question.standard_deviation = given.Number("sd", 0);
  question.treatment_share = given.Number("treatment share", question.treatment_share);
  const ExperimentSize size(question);
  if (given.Has("units")) {
    return {{"detectable lift", OneIfAny(size.DetectableLift(given.Number("units", 0)))}};
  }
  const std::optional<Size> needed = size.SizeFor(given.Number("lift", 0));
  if (!needed) return {};
  return {{"planned units", One(static_cast<double>(needed->planned_units))},
          {"one look at the end", One(static_cast<double>(needed->fixed_sample_units))},
          {"power", One(needed->power)}};
}

}  // namespace flywheel::experiment
