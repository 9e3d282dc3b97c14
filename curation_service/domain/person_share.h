// Person share: nobody's rows are more than a small part of what a model learns from.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_PERSON_SHARE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_PERSON_SHARE_H_

#include <cstddef>
#include <vector>

#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/removals.h"

namespace flywheel::curation {

// How many rows of `rows` one of `persons` people may have: 20, the share, or three times what each
// would have if all had the same, whichever is most. A team of five may teach everything; one of a
// thousand users may not.
size_t MostOfPerson(size_t rows, size_t persons, double max_share);

// Takes out what one person has beyond that of the train side, of each label in it (the same ideal
// output, as NormaliseText leaves it), and of each tier. Of a person the best tiers stay, and of
// those the smallest ids of interactions. Rows of nobody in particular, and what staff
// approved or corrected, always stay.
std::vector<DraftRow> WithinPersonShare(std::vector<DraftRow> drafts, double max_share,
                                        Removals& removals);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_PERSON_SHARE_H_
