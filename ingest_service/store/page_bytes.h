// Size limit of pages, for all lists of records.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_PAGE_BYTES_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_PAGE_BYTES_H_

#include <cstddef>

namespace flywheel::ingest {

// A page ends behind the record that reaches this. With one of the largest at its end it still fits
// into the 4 MiB that a client of default settings takes.
inline constexpr size_t kMaxPageBytes = 1 << 20;

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_PAGE_BYTES_H_
