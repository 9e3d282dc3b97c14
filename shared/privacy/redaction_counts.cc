#include "shared/privacy/redaction_counts.h"

#include <cstddef>
#include <string>

namespace flywheel {

void CountRedactions(const std::array<int64_t, redaction::kDataTypes>& counts,
                     rpc::Metrics& metrics) {
  for (size_t type = 0; type < redaction::kDataTypes; ++type) {
    if (counts[type] == 0) continue;
    const auto name = redaction::DataTypeName(static_cast<redaction::DataType>(type));
    metrics.CountRedactions(std::string(name), static_cast<double>(counts[type]));
  }
}

}  // namespace flywheel
