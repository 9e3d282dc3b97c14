// Content hashes of requests, for idempotency.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_REQUEST_HASH_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_REQUEST_HASH_H_

#include <string>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/store/outcome_store.h"

namespace flywheel::experiment {

// All are SHA-256 in 32 bytes (see shared/hashing/content_hash.h), and stored: what
// goes into them, and in which order, never changes.

// Of all that a client says about an experiment, defaults filled in.
std::string RequestHash(const Experiment& experiment);

// Of all that a client says about a promotion.
std::string RequestHash(const ActiveVersion& promotion);

// Of all that a client says about an outcome but its id.
std::string OutcomeHash(const std::string& experiment_id, const StoredOutcome& outcome);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_REQUEST_HASH_H_
