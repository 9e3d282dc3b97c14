// Dataset builder: makes an immutable dataset version from one snapshot of the record.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/dataset_assembly.h"
#include "curation_service/domain/firewall.h"
#include "curation_service/store/build_store.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// Thread-safe, but for two builds of one project: each must know what those before it put on which
// side, so that one runs at a time (BuildQueue). A build holds all of an agent's scored record in
// memory: some 2 kB and twice the texts of each interaction, and up to 900 MB for the label review.
class DatasetBuilder {
 public:
  using OnProgress = absl::FunctionRef<void(const BuildProgress&)>;

  // All pointers outlive this object. `max_interactions` bounds the scored interactions of an agent
  // that a version is built from.
  DatasetBuilder(sql::Database* database, int64_t max_interactions)
      : database_(database), max_interactions_(max_interactions) {}

  // Makes a version of a build from one snapshot of the record, and removes the build.
  // NOT_ENOUGH_DATA where no row is left to train on; LIMIT_EXCEEDED for an agent with too many
  // interactions; CANCELLED where the build is no longer under way; the error of `deadline`. After
  // an error nothing of the version is stored, and the build stays.
  absl::Status Build(const StoredBuild& build, const Deadline& deadline,
                     OnProgress on_progress) const;

  // What a version of these options would hold now, without id, time and builder; stores nothing.
  // Errors: LIMIT_EXCEEDED as Build; those of `deadline`.
  absl::StatusOr<DatasetAssembly> Preview(const std::string& project, const DatasetOptions& options,
                                          const Deadline& deadline) const;

  // Removes what builds left that a crash ended, of all projects. Before the first Build.
  absl::Status RemoveUnfinished() const { return RemoveUnfinished(""); }

 private:
  // What a build reads.
  struct Snapshot {
    int64_t feed_sequence = 0;
    // Of the project, whatever their agent, and whether anybody reacted or not.
    int64_t interactions_read = 0;
    Candidates candidates;
    KnownWall wall;
  };

  absl::StatusOr<Snapshot> ReadSnapshot(const std::string& project, const DatasetOptions& options,
                                        const Deadline& deadline) const;
  // One attempt; false where somebody was erased meanwhile, so that the snapshot held what must not
  // be written: then it is to be built anew.
  absl::StatusOr<bool> TryBuild(const StoredBuild& build, const Deadline& deadline,
                                OnProgress on_progress) const;
  // In pieces; nobody sees the version before the last of them. False as above.
  absl::StatusOr<bool> Store(const StoredBuild& build, const DatasetAssembly& assembly,
                             const Deadline& deadline, OnProgress on_progress) const;
  absl::Status RemoveUnfinished(const std::string& project) const;

  sql::Database* const database_;
  const int64_t max_interactions_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DATASET_BUILDER_H_
