#include "shared/rpc/metrics.h"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <exception>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {
namespace {

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return buckets;
}

}  // namespace

// Asks for every value at every scrape, so that nobody has to push one.
class Metrics::Gauges : public prometheus::Collectable {
 public:
  void Add(prometheus::MetricFamily family, std::function<double()> value) {
    absl::MutexLock lock(&mutex_);
    gauges_.emplace_back(std::move(family), std::move(value));
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [family, value] : gauges_) {
      families.push_back(family);
      families.back().metric.resize(1);
      families.back().metric[0].gauge.value = value();
    }
    return families;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::pair<prometheus::MetricFamily, std::function<double()>>> gauges_
      ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      requests_(prometheus::BuildCounter()
                    .Name("flywheel_rpc_requests_total")
                    .Help("Calls that ended, by method, status code and error reason")
                    .Register(*registry_)),
      durations_(prometheus::BuildHistogram()
                     .Name("flywheel_rpc_duration_seconds")
                     .Help("Time from a call's arrival to its answer")
                     .Register(*registry_)),
      items_(prometheus::BuildCounter()
                 .Name("flywheel_items_total")
                 .Help("Items of batches, by method and verdict")
                 .Register(*registry_)),
      redactions_(prometheus::BuildCounter()
                      .Name("flywheel_redactions_total")
                      .Help("Personal data that was replaced before it was stored, by type")
                      .Register(*registry_)),
      recogniser_calls_(prometheus::BuildCounter()
                            .Name("flywheel_recogniser_calls_total")
                            .Help("Calls of the recogniser beside ingest, by outcome")
                            .Register(*registry_)),
      recogniser_durations_(prometheus::BuildHistogram()
                                .Name("flywheel_recogniser_duration_seconds")
                                .Help("Time of a call of the recogniser beside ingest")
                                .Register(*registry_)),
      recognised_(prometheus::BuildCounter()
                      .Name("flywheel_recogniser_spans_total")
                      .Help("Personal data that the recogniser beside ingest found, by type")
                      .Register(*registry_)),
      background_failures_(prometheus::BuildCounter()
                               .Name("flywheel_background_failures_total")
                               .Help("Steps of background work that failed, by loop")
                               .Register(*registry_)),
      gauges_(std::make_shared<Gauges>()) {}

Metrics::~Metrics() = default;

absl::Status Metrics::Expose(const std::string& address) {
  // civetweb reports a port in use by an exception of prometheus-cpp: caught where it is born.
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(address, /*num_threads=*/1);
  } catch (const std::exception& error) {
    return errors::InvalidConfiguration(
        "--metrics-listen", fmt::format("'{}', which cannot be bound ({})", address, error.what()),
        "a free port, or an empty address for no metrics");
  }
  exposer_->RegisterCollectable(registry_);
  exposer_->RegisterCollectable(gauges_);
  return absl::OkStatus();
}

void Metrics::CountCall(const std::string& method, const absl::Status& status,
                        absl::Duration duration) {
  const std::string reason = status.ok() ? "" : std::string(ReasonName(errors::ReasonOf(status)));
  requests_
      .Add({{"method", method},
            {"code", std::to_string(static_cast<int>(status.code()))},
            {"reason", reason}})
      .Increment();
  durations_.Add({{"method", method}}, Buckets()).Observe(absl::ToDoubleSeconds(duration));
}

void Metrics::CountItems(const std::string& method, const std::string& outcome, double items) {
  items_.Add({{"method", method}, {"outcome", outcome}}).Increment(items);
}

void Metrics::CountRedactions(const std::string& type, double values) {
  redactions_.Add({{"type", type}}).Increment(values);
}

void Metrics::CountRecogniserCall(const std::string& outcome, absl::Duration duration) {
  recogniser_calls_.Add({{"outcome", outcome}}).Increment();
  recogniser_durations_.Add({}, Buckets()).Observe(absl::ToDoubleSeconds(duration));
}

void Metrics::CountRecognised(const std::string& type, double spans) {
  recognised_.Add({{"type", type}}).Increment(spans);
}

void Metrics::CountBackgroundFailure(const std::string& loop) {
  background_failures_.Add({{"loop", loop}}).Increment();
}

void Metrics::ObserveGauge(std::string name, std::string help, std::function<double()> value) {
  gauges_->Add({std::move(name), std::move(help), prometheus::MetricType::Gauge, {}},
               std::move(value));
}

void Metrics::Hide() { exposer_ = nullptr; }

}  // namespace flywheel::rpc
