// Prometheus gauges of a service's database.
#ifndef FLYWHEEL_SHARED_RPC_STORE_METRICS_H_
#define FLYWHEEL_SHARED_RPC_STORE_METRICS_H_

#include "shared/rpc/metrics.h"

namespace flywheel::rpc {

// Shows flywheel_queued_bytes and flywheel_store_damaged_calls of a sql::Database, which outlives
// what is shown.
template <typename Database>
void ObserveStore(const Database* database, Metrics& metrics) {
  metrics.ObserveGauge("flywheel_queued_bytes",
                       "Bytes of writes that wait for a commit or its answer",
                       [database] { return static_cast<double>(database->queued_bytes()); });
  metrics.ObserveGauge("flywheel_store_damaged_calls",
                       "Reads and writes that met damage in the store's file since the start",
                       [database] { return static_cast<double>(database->damaged_calls()); });
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_STORE_METRICS_H_
