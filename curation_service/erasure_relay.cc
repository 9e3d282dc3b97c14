#include "curation_service/erasure_relay.h"

#include "curation_service/store/record_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<FinishedErasures> ErasureRelay::List(const std::string& project, int64_t cursor,
                                                    int64_t limit) const {
  FinishedErasures page;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t read, RecordStore(connection).Cursor());
    page.next_cursor = cursor <= read ? cursor : 0;
    ASSIGN_OR_RETURN(page.erasures,
                     ErasureStore(connection).Finished(project, page.next_cursor, limit));
    return absl::OkStatus();
  }));
  if (!page.erasures.empty()) page.next_cursor = page.erasures.back().sequence;
  return page;
}

absl::Status ErasureRelay::Report(const std::string& project, const std::string& erasure_id,
                                  const std::string& store, int64_t rows) const {
  return client_->ReportErasure(project, erasure_id, store, rows);
}

}  // namespace flywheel::curation
