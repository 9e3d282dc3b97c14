// Store of lineage: which edges begin or end at a thing, over the tables of several stores.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_LINEAGE_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_LINEAGE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/lineage.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Reads, inside the caller's transaction. A list has up to `limit` edges, the oldest first. What
// was erased is in none, nor is a dataset version that is not complete.
class LineageStore {
 public:
  explicit LineageStore(sql::Connection& connection) : connection_(connection) {}

  // The thing with its agent; empty where there is none.
  absl::StatusOr<std::optional<LineageNode>> Find(const std::string& project,
                                                  const LineageNode& node);

  // The edges to what was made from it, by one step.
  absl::StatusOr<std::vector<LineageEdge>> Results(const std::string& project,
                                                   const LineageNode& node, int64_t limit);
  // The edges to what it was made from, by one step; but for the rows of a dataset version, which
  // DatasetStore has.
  absl::StatusOr<std::vector<LineageEdge>> Sources(const std::string& project,
                                                   const LineageNode& node);

 private:
  absl::StatusOr<std::vector<LineageEdge>> DatasetsOf(const std::string& project,
                                                      const LineageNode& interaction,
                                                      int64_t limit);
  absl::StatusOr<std::vector<LineageEdge>> RunsOn(const std::string& project,
                                                  const LineageNode& dataset_version,
                                                  int64_t limit);
  absl::StatusOr<std::vector<LineageEdge>> VersionsOf(const std::string& project,
                                                      const LineageNode& training_run);
  absl::StatusOr<std::vector<LineageEdge>> VersionsFrom(const std::string& project,
                                                        const LineageNode& base, int64_t limit);

  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_LINEAGE_STORE_H_
