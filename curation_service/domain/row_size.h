// Row size: how long a dataset row is as a message, and as a line of an export.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SIZE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SIZE_H_

#include <cstddef>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// gRPC's clients take 4 MiB in one message, unless they say otherwise; a message that ends with
// this row may hold 1 MiB of others.
inline constexpr size_t kMaxRowBytes = 3'000'000;

// At least as many bytes as the row takes as flywheel.curation.v1.DatasetRow.
size_t MessageBytes(const DatasetRow& row);

// Whether the row, or what is exported of it in any format, takes more than kMaxRowBytes.
bool IsTooLarge(const DatasetRow& row);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SIZE_H_
