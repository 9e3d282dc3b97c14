// How long a scan of the store that gets nowhere is tried again.
#ifndef FLYWHEEL_CLI_SCAN_SCAN_PATIENCE_H_
#define FLYWHEEL_CLI_SCAN_SCAN_PATIENCE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "flywheel/ingest/v1/store_scan_service.pb.h"

namespace flywheel::cli {

// A scan goes on for hours while it comes on, and not for two minutes while each try fails where
// the one before did: then somebody has to mend something. Not thread-safe.
class ScanPatience {
 public:
  static constexpr absl::Duration kMax = absl::Minutes(2);

  explicit ScanPatience(std::function<absl::Time()> now) : now_(std::move(now)) {}

  // What the service said. A try that begins again tells once more of what was done.
  void Note(const ingest::v1::StoreScan& scan);
  // A try failed: whether that has gone on for too long without a record more.
  bool IsOver();

 private:
  const std::function<absl::Time()> now_;
  // Of each project, as far as it came.
  std::map<std::string, int64_t> records_;
  // The first failure behind the last record; nothing while there is none.
  std::optional<absl::Time> failing_since_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SCAN_SCAN_PATIENCE_H_
