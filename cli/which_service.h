// Which service answers at an address, where it is not the one that a command speaks to.
#ifndef FLYWHEEL_CLI_WHICH_SERVICE_H_
#define FLYWHEEL_CLI_WHICH_SERVICE_H_

#include <string>

namespace flywheel::cli {

// Its name, such as "flywheel-ingest", by what it says of a call that no service takes; asked
// without TLS and a key. Empty where nothing of ours answers so within two seconds.
std::string ServiceAt(const std::string& address);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_WHICH_SERVICE_H_
