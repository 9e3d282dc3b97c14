#include "curation_service/candidate_reader.h"

#include <algorithm>
#include <utility>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<TrainingCandidates> CandidateReader::Read(const CandidateRequest& request,
                                                         const Deadline& deadline) {
  std::unique_lock place(running_, std::try_to_lock);
  if (!place.owns_lock()) return errors::Busy("ListTrainingCandidates", 1);
  ASSIGN_OR_RETURN(DatasetAssembly assembly,
                   builder_->Preview(request.project, request.options, deadline));
  TrainingCandidates candidates{std::move(assembly.version), std::move(assembly.rows),
                                std::move(place)};
  std::erase_if(candidates.rows, [&](const DatasetRow& row) {
    return row.split != Split::kTrain || row.tier > request.min_tier;
  });
  std::stable_sort(candidates.rows.begin(), candidates.rows.end(),
                   [](const DatasetRow& a, const DatasetRow& b) {
                     return a.tier != b.tier ? a.tier < b.tier : a.score > b.score;
                   });
  if (std::ssize(candidates.rows) > request.limit) {
    candidates.rows.resize(static_cast<size_t>(request.limit));
  }
  return candidates;
}

}  // namespace flywheel::curation
