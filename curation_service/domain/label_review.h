// Label review as a step of a dataset build: draft rows in, draft rows out.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_REVIEW_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_REVIEW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/draft_row.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// A relabelled row is gold at best: platinum is for what a human verified.
inline constexpr double kRelabelledScoreMax = 0.84;

// Reviews the approved and corrected rows as labels that people gave to inputs (see ReviewLabels):
// takes out what is contradicted, replaces it where the review is sure of a better one, and counts
// both. Rows that staff approved are believed, because there an agent and a person agree; what
// staff wrote alone is reviewed like everybody's word. Rejected rows pass. Outputs that normalise
// to the same text are the same label; outputs that hardly ever repeat, such as free text, are not
// judged, nor are those beyond the thousand most frequent. Errors: those of `deadline`.
absl::StatusOr<std::vector<DraftRow>> WithReviewedLabels(std::vector<DraftRow> drafts,
                                                         Removals& removals,
                                                         const Deadline& deadline);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_REVIEW_H_
