// Prometheus metrics of one server, and the HTTP port that exposes them.
#ifndef FLYWHEEL_SHARED_RPC_METRICS_H_
#define FLYWHEEL_SHARED_RPC_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace prometheus {
class Registry;
class Exposer;
class Counter;
class Gauge;
class Histogram;
template <typename T>
class Family;
}  // namespace prometheus

namespace flywheel::rpc {

// The metrics of one server, and the HTTP port that shows them. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // Serves /metrics at HOST:PORT. INVALID_CONFIGURATION where the port is in use.
  absl::Status Expose(const std::string& address);

  // Counts one call: flywheel_rpc_requests_total{method, code, reason} and
  // flywheel_rpc_duration_seconds{method}.
  void CountCall(const std::string& method, const absl::Status& status, absl::Duration duration);

  // Counts items of batches by verdict: flywheel_items_total{method, outcome}.
  void CountItems(const std::string& method, const std::string& outcome, double items);

  // Counts personal data that was replaced, by type: flywheel_redactions_total{type}.
  void CountRedactions(const std::string& type, double values);

  // Counts a call of the recogniser beside ingest: flywheel_recogniser_calls_total{outcome} and
  // flywheel_recogniser_duration_seconds.
  void CountRecogniserCall(const std::string& outcome, absl::Duration duration);

  // Counts spans that it found: flywheel_recogniser_spans_total{type}.
  void CountRecognised(const std::string& type, double spans);

  // Counts a failed step of background work: flywheel_background_failures_total{loop}.
  void CountBackgroundFailure(const std::string& loop);

  // Shows what `value` says at the moment of a scrape, such as flywheel_queued_bytes. `value` is
  // called on a thread of the metrics port until Hide(). Before Expose() or after: both show.
  void ObserveGauge(std::string name, std::string help, std::function<double()> value);

  // Stops showing anything: what gauges look at may end after this.
  void Hide();

 private:
  class Gauges;

  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Counter>& items_;
  prometheus::Family<prometheus::Counter>& redactions_;
  prometheus::Family<prometheus::Counter>& recogniser_calls_;
  prometheus::Family<prometheus::Histogram>& recogniser_durations_;
  prometheus::Family<prometheus::Counter>& recognised_;
  prometheus::Family<prometheus::Counter>& background_failures_;
  std::shared_ptr<Gauges> gauges_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_METRICS_H_
