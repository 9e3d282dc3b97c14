// Completion status of an erasure: which stores are clean, and since when all are.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_ERASURE_STATUS_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_ERASURE_STATUS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ingest_service/domain/privacy.h"

namespace flywheel::ingest {

// What ingest calls itself in a receipt; no reader of the feed has this name.
inline constexpr char kIngestStore[] = "ingest";

// How far one store is.
struct StoreStatus {
  std::string store;
  // Those that it erased, as it says.
  int64_t rows = 0;
  // Nothing where it is not clean yet.
  std::optional<absl::Time> clean_time;
};

struct ErasureStatus {
  // Ingest, then the others by name.
  std::vector<StoreStatus> stores;
  // When the last of them was clean; nothing where one is not yet.
  std::optional<absl::Time> complete_time;
};

// `readers` have to report before the erasure is complete; whoever else reported counts as well.
ErasureStatus StatusOf(const ErasureReceipt& receipt, std::span<const std::string> readers);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_ERASURE_STATUS_H_
