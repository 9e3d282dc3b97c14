// Consent filter: removes people who refuse training from the candidates of a dataset.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_REFUSALS_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_REFUSALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// The pseudonyms of people of a project whose records may neither be trained on nor evaluated with.
using Refusals = absl::flat_hash_set<std::string>;

// Takes out the interactions of these people, and those whose correction is theirs. Returns how
// many that were.
int64_t RemoveRefused(const Refusals& refusals, std::vector<Candidate>& candidates);

// Counts them in a version that was made without them.
void CountRefused(int64_t refused, DatasetVersion& version);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_REFUSALS_H_
