// Model registry: registers, gets and lists the versions of agents.
#ifndef FLYWHEEL_CURATION_SERVICE_MODEL_REGISTRY_H_
#define FLYWHEEL_CURATION_SERVICE_MODEL_REGISTRY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/model_version.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::curation {

// Registers a version in the caller's transaction: the one place where a version begins, whether
// somebody names it or a training run makes it. A replay where the agent has it with the same
// content. ALREADY_EXISTS_WITH_OTHER_CONTENT; NOT_FOUND for its base or its run; INVALID_ARGUMENT
// where the run is another agent's; ALREADY_ENDED where it ended without a model, or has another
// version.
absl::StatusOr<Created<ModelVersion>> RegisterVersion(sql::Connection& connection,
                                                      const std::string& project,
                                                      const ModelVersion& version);

// Thread-safe.
class ModelRegistry {
 public:
  // All pointers outlive this object.
  ModelRegistry(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // RegisterVersion, at this moment and by this key.
  absl::StatusOr<Created<ModelVersion>> Register(const rpc::Actor& actor, ModelVersion version);

  // NOT_FOUND.
  absl::StatusOr<ModelVersion> Get(const std::string& project, const std::string& agent,
                                   const std::string& name) const;

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<ModelVersion>> List(const std::string& project, const ListFilter& filter,
                                              int64_t beyond, int64_t page_size) const;

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_MODEL_REGISTRY_H_
