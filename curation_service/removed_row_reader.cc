#include "curation_service/removed_row_reader.h"

#include <utility>

#include "curation_service/domain/contamination_index.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/removed_row_store.h"
#include "shared/status/status_macros.h"
#include "shared/text/compared_text.h"

namespace flywheel::curation {
namespace {

bool IsLikeAnother(const RemovedRow& row) {
  return row.reason == RemovalReason::kContaminated ||
         row.reason == RemovalReason::kPerhapsContaminated;
}

absl::StatusOr<std::vector<std::string>> PhrasesOf(sql::Connection& connection,
                                                   const std::string& project,
                                                   const RemovedRow& row) {
  if (!IsLikeAnother(row) || row.other_interaction_id.empty()) return std::vector<std::string>();
  ASSIGN_OR_RETURN(const std::string own,
                   RecordStore(connection).Input(project, row.interaction_id));
  ASSIGN_OR_RETURN(const std::string other,
                   RecordStore(connection).Input(project, row.other_interaction_id));
  return SharedPhrases(ComparedText(own), ComparedText(other));
}

}  // namespace

absl::StatusOr<RemovedRowPage> RemovedRowReader::List(const std::string& project,
                                                      const std::string& dataset_version_id,
                                                      std::optional<RemovalReason> reason,
                                                      int64_t first_place,
                                                      int64_t page_size) const {
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<RemovedRowPage> {
    RETURN_IF_ERROR(DatasetStore(connection).Get(project, dataset_version_id).status());
    // One more, to know whether there is another page.
    ASSIGN_OR_RETURN(std::vector<StoredRemovedRow> stored,
                     RemovedRowStore(connection)
                         .List(project, dataset_version_id, reason, first_place, page_size + 1));
    RemovedRowPage page;
    for (StoredRemovedRow& one : stored) {
      if (static_cast<int64_t>(page.rows.size()) == page_size) {
        page.next_place = one.place;
        break;
      }
      ASSIGN_OR_RETURN(std::vector<std::string> phrases, PhrasesOf(connection, project, one.row));
      page.rows.push_back({std::move(one.row), std::move(phrases)});
    }
    return page;
  });
}

}  // namespace flywheel::curation
