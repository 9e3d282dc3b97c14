// SQL store of bars: each once, for the policies and verdicts that have it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_STORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// The SQL of bars, which are never changed. In the caller's transaction.
class BarStore {
 public:
  explicit BarStore(sql::Connection& connection) : connection_(connection) {}

  // Adds it where it is not there yet; returns its key.
  absl::StatusOr<std::string> Put(const std::string& project, const Bar& bar);

  // INTERNAL where there is none.
  absl::StatusOr<Bar> Get(const std::string& project, const std::string& bar_key);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_STORE_H_
