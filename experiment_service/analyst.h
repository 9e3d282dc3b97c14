// Analyses experiments from the tallies in memory.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_

#include <string>

#include "absl/status/statusor.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/serving_table.h"
#include "experiment_service/tally_book.h"

namespace flywheel::experiment {

// Analyses experiments from memory. Thread-safe.
class Analyst {
 public:
  // Both pointers outlive this object.
  Analyst(const ServingTable* serving, const TallyBook* tallies)
      : serving_(serving), tallies_(tallies) {}

  // At this moment: all that was acknowledged counts. NOT_FOUND.
  absl::StatusOr<Analysis> Analyze(const std::string& project,
                                   const std::string& experiment_id) const;

 private:
  const ServingTable* const serving_;
  const TallyBook* const tallies_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
