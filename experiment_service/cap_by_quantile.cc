#include "experiment_service/cap_by_quantile.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/value_histogram.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/list_range.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// Held in memory at once.
constexpr int64_t kExperimentsPerRead = 50;

// An experiment, and the place of a metric in its plan.
struct Source {
  StoredExperiment stored;
  size_t metric = 0;
};

bool IsSameMetric(const Metric& a, const Metric& b) {
  return a.name == b.name && a.aggregation == b.aggregation;
}

absl::StatusOr<std::optional<Source>> FindSource(sql::Connection& connection,
                                                 const std::string& project,
                                                 const std::string& agent, const Metric& metric) {
  ExperimentStore store(connection);
  int64_t beyond = 0;
  while (true) {
    ASSIGN_OR_RETURN(
        std::vector<StoredExperiment> page,
        store.List(project, {agent, /*oldest_first=*/false, beyond}, kExperimentsPerRead));
    for (StoredExperiment& stored : page) {
      const std::vector<Metric>& metrics = stored.experiment.plan.metrics;
      const auto same = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& other) {
        return IsSameMetric(metric, other);
      });
      if (same == metrics.end()) continue;
      const auto position = static_cast<size_t>(same - metrics.begin());
      return std::optional<Source>({std::move(stored), position});
    }
    if (static_cast<int64_t>(page.size()) < kExperimentsPerRead) return std::nullopt;
    beyond = page.back().ordinal;
  }
}

// Hands the values of all units that count to `on_value`, before any cap.
absl::Status ForEachValue(sql::Connection& connection, const Source& source,
                          absl::FunctionRef<void(double)> on_value) {
  const std::vector<Metric>& metrics = source.stored.experiment.plan.metrics;
  Metric uncapped = metrics[source.metric];
  uncapped.cap.reset();
  // Exposures have no time before 1970.
  const absl::Time before_all = absl::FromUnixMicros(-1);
  const absl::Time last = absl::FromUnixMicros(std::numeric_limits<int64_t>::max() / 2);
  return UnitStore(connection)
      .ForEachIn(source.stored.ordinal, before_all, last, metrics.size(),
                 [&](const StoredUnit& unit) {
                   const UnitTotal& total = unit.state.totals[source.metric];
                   if (!unit.state.mixed() && total.outcomes > 0) on_value(total.Value(uncapped));
                   return absl::OkStatus();
                 });
}

absl::StatusOr<double> CapOf(sql::Connection& connection, const std::string& project,
                             const std::string& agent, const Metric& metric) {
  ASSIGN_OR_RETURN(const std::optional<Source> source,
                   FindSource(connection, project, agent, metric));
  const std::string what = fmt::format("a cap of metric '{}' by a quantile", metric.name);
  if (!source) {
    return errors::NotEnoughData(
        what, "no earlier experiment of the agent with a metric of this name and aggregation",
        "one; until then give a cap as a value");
  }
  ValueHistogram values;
  RETURN_IF_ERROR(ForEachValue(connection, *source, [&](double value) { values.Add(value); }));
  const int64_t units = values.units();
  if (units < kMinUnitsForCap) {
    return errors::NotEnoughData(
        what,
        fmt::format("{} units with an outcome in experiment '{}', the newest with this metric",
                    units, source->stored.experiment.experiment_id),
        fmt::format("{}; until then give a cap as a value", kMinUnitsForCap));
  }
  const auto rank = static_cast<int64_t>(*metric.cap_quantile * static_cast<double>(units));
  const ValueHistogram::Bucket bucket = values.BucketAtRank(std::min(rank, units - 1));
  if (bucket.lower == values.Lowest().lower) {
    return errors::NotEnoughData(
        what,
        fmt::format("the least value of all at the quantile {} of experiment '{}'",
                    *metric.cap_quantile, source->stored.experiment.experiment_id),
        "a quantile above it, for a cap there would make all units alike, or no cap");
  }
  // Of the values in the bucket the greatest, so that values that are all alike stay as they are.
  double cap = bucket.lower;
  RETURN_IF_ERROR(ForEachValue(connection, *source, [&](double value) {
    if (value >= bucket.lower && value <= bucket.upper) cap = std::max(cap, value);
  }));
  return cap;
}

}  // namespace

absl::Status FixCaps(sql::Connection& connection, const std::string& project, Experiment& wanted) {
  for (Metric& metric : wanted.plan.metrics) {
    if (!metric.cap_quantile) continue;
    ASSIGN_OR_RETURN(metric.cap, CapOf(connection, project, wanted.agent, metric));
    if (metric.value_without_outcome && *metric.value_without_outcome > *metric.cap) {
      return errors::InvalidArgument(
          "counts_as", fmt::format("{}", *metric.value_without_outcome),
          fmt::format("at most {}, the cap of '{}' by its cap_quantile", *metric.cap, metric.name));
    }
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
