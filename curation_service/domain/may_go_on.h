// How work that takes seconds learns that nobody wants it any more.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_MAY_GO_ON_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_MAY_GO_ON_H_

#include <functional>

#include "absl/status/status.h"

namespace flywheel::curation {

// Asked between steps, and inside the loops that take longest every 100 ms or so; the others take a
// second or two for a million rows. OK: go on. An error (the caller is gone, the server stops) ends
// the work, which returns it.
using MayGoOn = std::function<absl::Status()>;

inline absl::Status AlwaysGoOn() { return absl::OkStatus(); }

// Asks in every so many steps of a loop, where asking in each of them would cost more than the
// step.
//
//   GoOnEvery go_on(may_go_on, 1'000);
//   for (const Row& row : rows) {
//     RETURN_IF_ERROR(go_on.Step());
class GoOnEvery {
 public:
  // `may_go_on` outlives this object.
  GoOnEvery(const MayGoOn& may_go_on, int steps) : may_go_on_(may_go_on), steps_(steps) {}

  absl::Status Step() {
    if (++taken_ < steps_) return absl::OkStatus();
    taken_ = 0;
    return may_go_on_();
  }

 private:
  const MayGoOn& may_go_on_;
  const int steps_;
  int taken_ = 0;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_MAY_GO_ON_H_
