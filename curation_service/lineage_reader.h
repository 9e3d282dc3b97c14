// Lineage reader: follows what was made from what, in both directions.
#ifndef FLYWHEEL_CURATION_SERVICE_LINEAGE_READER_H_
#define FLYWHEEL_CURATION_SERVICE_LINEAGE_READER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/dataset_reader.h"
#include "curation_service/domain/lineage.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

struct LineageRequest {
  std::string project;
  LineageNode start;
  LineageDirection direction = LineageDirection::kSources;
  // Whether the caller may know what the eval side is made of.
  bool with_eval_side = false;
};

// Thread-safe. What it holds in memory is bounded by kMaxNodes: interactions, of which a dataset
// version may have a million, are read as they are handed on.
class LineageReader {
 public:
  using OnEdge = absl::FunctionRef<absl::Status(const LineageEdge&)>;

  // Things other than interactions that one walk meets at most.
  static constexpr size_t kMaxNodes = 10'000;

  // Both outlive this object.
  LineageReader(sql::Database* database, const DatasetReader* datasets)
      : database_(database), datasets_(datasets) {}

  // Hands every edge that can be reached to `on_edge` once: breadth first, the rows of dataset
  // versions last, version by version, the train side of each first. From an interaction of the
  // eval side nothing is followed beyond its dataset version, and from a run or a model version
  // nothing to the eval side: nothing was trained on it. True where more than kMaxNodes were met,
  // beyond which nothing is followed. NOT_FOUND for the start; the error of `on_edge`.
  absl::StatusOr<bool> ForEachEdge(const LineageRequest& request, OnEdge on_edge) const;

 private:
  absl::Status RowsOf(const LineageRequest& request, const LineageNode& dataset_version,
                      OnEdge on_edge) const;

  sql::Database* const database_;
  const DatasetReader* const datasets_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_LINEAGE_READER_H_
