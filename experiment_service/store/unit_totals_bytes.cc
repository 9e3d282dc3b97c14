#include "experiment_service/store/unit_totals_bytes.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "experiment_service/domain/double_bytes.h"

namespace flywheel::experiment {

std::string UnitTotalsBytes(const std::vector<UnitTotal>& totals) {
  std::string bytes;
  for (size_t i = 0; i < totals.size(); ++i) {
    if (totals[i].outcomes == 0) continue;
    const std::string sum = totals[i].sum.bytes();
    AppendDouble(static_cast<double>(i), bytes);
    AppendDouble(static_cast<double>(totals[i].outcomes), bytes);
    const size_t parts = sum.size() / kBytesOfDouble;
    AppendDouble(static_cast<double>(parts), bytes);
    bytes += sum;
  }
  return bytes;
}

std::vector<UnitTotal> ParseUnitTotals(std::string_view bytes, size_t count) {
  std::vector<UnitTotal> totals(count);
  while (bytes.size() >= 3 * kBytesOfDouble) {
    const auto place = static_cast<size_t>(TakeDouble(bytes));
    const auto outcomes = static_cast<int64_t>(TakeDouble(bytes));
    const size_t size = static_cast<size_t>(TakeDouble(bytes)) * kBytesOfDouble;
    const std::optional<ExactSum> sum = ExactSum::FromBytes(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
    if (sum && place < count) totals[place] = {outcomes, *sum};
  }
  return totals;
}

}  // namespace flywheel::experiment
