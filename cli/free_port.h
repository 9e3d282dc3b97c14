// Finds free TCP ports of this machine.
#ifndef FLYWHEEL_CLI_FREE_PORT_H_
#define FLYWHEEL_CLI_FREE_PORT_H_

#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::cli {

// Whether 127.0.0.1:`port` can be bound at this moment.
bool IsPortFree(int port);

// A round port from which on `count` ports of 127.0.0.1 are free at this moment, the lowest from
// 17400 on; 0 where there is none below 32000.
int FindFreeBase(int count);

// Ports of 127.0.0.1 that are free at this moment, all different, none of them of the range from
// which outgoing connections get theirs. They are not reserved: whoever binds them must be ready to
// find one taken.
absl::StatusOr<std::vector<int>> FindFreePorts(int count);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_FREE_PORT_H_
