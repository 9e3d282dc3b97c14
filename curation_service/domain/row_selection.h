// Row selection: draws the rows of the train side that a version takes, by budget and by segment.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SELECTION_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SELECTION_H_

#include <string>
#include <vector>

#include "curation_service/domain/candidate_filter.h"

namespace flywheel::curation {

// A synthetic row is worth kSyntheticScore at most, whoever corrected it; those of the eval side
// are taken out: a gate asks what people asked. Before duplicates are taken out.
std::vector<DraftRow> WithSyntheticHeldDown(std::vector<DraftRow> drafts, LeftOut& left_out);

// Leaves the rows that a version with these options takes, in their order. The eval side stays as
// it is. On the train side:
//
//  1. Of synthetic rows as many stay as SyntheticLimit lets, the real rows (silver and better)
//     being counted before any budget.
//  2. Each tier gives as many rows as its budget has. A row's place in the draw is the hash of
//     agent, seed and interaction id: the same request draws the same rows, and of a record that
//     grew mostly the same. With weights it is -log(u) / weight of that hash as a fraction u
//     (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
//  3. With `fill`, silver and better give in this order what the other tiers left of the budget.
//  4. No segment has more than max_share of the rows of silver and better, nor of the bronze ones:
//     as many rows as that lets be are taken, the better tiers first.
//
// Bronze rows have a budget of their own and are no rows to train on: nothing is filled from them.
std::vector<DraftRow> SelectRows(std::vector<DraftRow> drafts, const DatasetOptions& options,
                                 const SegmentUse& use, LeftOut& left_out);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SELECTION_H_
