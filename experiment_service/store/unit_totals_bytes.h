// Bytes of a unit's totals, as the store keeps them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_TOTALS_BYTES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_TOTALS_BYTES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "experiment_service/domain/unit_state.h"

namespace flywheel::experiment {

// Of each total that has outcomes: its place, its outcomes, the number of its sum's parts, and the
// parts (ExactSum::parts); all as doubles of 8 bytes, the most significant one first.
std::string UnitTotalsBytes(const std::vector<UnitTotal>& totals);

// `count` totals, those of `bytes` among them; what is no total of theirs is left out.
std::vector<UnitTotal> ParseUnitTotals(std::string_view bytes, size_t count);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_TOTALS_BYTES_H_
