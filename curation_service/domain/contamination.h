// Contamination as a step of a dataset build: train rows that say again what a gate asks leave.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/removals.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// What stood on the eval side of an earlier version, and was not erased since.
struct EvalInput {
  std::string interaction_id;
  std::string input;
};

// Takes out the rows of the train side whose input is a variant or a paraphrase of one on the eval
// side, of these drafts or of `earlier` (see ContaminationIndex; the thresholds are the options'),
// and counts those in doubt, which stay. The beginning and the end that half of a side's inputs
// share do not count (WithoutSharedAffixes). The same arguments give the same result, whatever the
// order of `earlier`. Errors: those of `deadline`.
absl::StatusOr<std::vector<DraftRow>> WithoutContaminated(std::vector<DraftRow> drafts,
                                                          std::vector<EvalInput> earlier,
                                                          const DatasetOptions& options,
                                                          Removals& removals,
                                                          const Deadline& deadline);

// Takes off each text the longest beginning and the longest end, in words, that at least half of
// the texts share, where there are at least 20: "Question:", "Answer in one word." Texts are as
// ComparedText leaves them; what would be left empty stays as it is.
void WithoutSharedAffixes(std::vector<std::string>& texts);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CONTAMINATION_H_
