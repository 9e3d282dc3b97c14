// How work that takes seconds learns that nobody wants it any more.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PATIENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PATIENCE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace flywheel::evalgate {

struct Patience {
  // Of the caller, by the machine's clock.
  absl::Time deadline = absl::InfiniteFuture();
  // Asked between steps. OK: go on. An error (the caller is gone, the server stops) ends the work,
  // which returns it.
  std::function<absl::Status()> may_go_on = [] { return absl::OkStatus(); };
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PATIENCE_H_
