#include "ingest_service/domain/erasure_status.h"

#include <algorithm>
#include <map>

namespace flywheel::ingest {

ErasureStatus StatusOf(const ErasureReceipt& receipt, std::span<const std::string> readers) {
  ErasureStatus status;
  status.stores.push_back({kIngestStore,
                           receipt.interactions + receipt.signals + receipt.waiting_spans,
                           receipt.is_clean() ? std::optional(receipt.clean_time) : std::nullopt});
  // Readers that have to report stand in the receipt before they have.
  std::map<std::string, StoreStatus> others;
  for (const std::string& reader : readers) others[reader] = {reader, 0, std::nullopt};
  for (const StoreReport& report : receipt.reports) {
    others[report.store] = {report.store, report.rows, report.clean_time};
  }
  for (auto& [name, other] : others) status.stores.push_back(std::move(other));
  // Complete when the last of them is clean.
  status.complete_time = receipt.clean_time;
  for (const StoreStatus& store : status.stores) {
    if (!store.clean_time) {
      status.complete_time = std::nullopt;
      break;
    }
    status.complete_time = std::max(status.complete_time, store.clean_time);
  }
  return status;
}

}  // namespace flywheel::ingest
