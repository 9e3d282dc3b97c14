// Dataset assembly: from scored interactions to the rows of a version, a pure function.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/contamination.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/firewall.h"
#include "curation_service/domain/removals.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// The rows of a version, and what comes with them.
struct DatasetAssembly {
  // In feed order.
  std::vector<DatasetRow> rows;
  // Everything that follows from rows, candidates and options; without id, time and feed sequence.
  DatasetVersion version;
  // What the firewall must remember from now on.
  std::vector<std::pair<std::string, Split>> new_keys;
  // What was taken out, changed or doubted, in the order of the steps.
  std::vector<RemovedRow> removed_rows;
};

// What is known of both sides of the wall from earlier versions.
struct KnownWall {
  FirewallKeys keys;
  std::vector<EvalInput> eval_inputs = {};
};

// Drafts a row for each candidate that is allowed, reviews the labels, leaves out what is too large
// to be sent, splits by the firewall, takes out of the train side what is like something on the
// eval side, takes out duplicates and what one person has too much of, takes negative rows off the
// eval side, and takes of what is left what the options select. Which side a session stands on does
// not depend on the selection, and what was left out counts for the firewall all the same. The same
// arguments give the same result, bit by bit. Errors: those of `deadline`.
absl::StatusOr<DatasetAssembly> AssembleDataset(Candidates candidates, KnownWall known,
                                                const DatasetOptions& options,
                                                const Deadline& deadline);

// SHA-256 over everything in the rows, as 64 hexadecimal digits.
std::string RowsHash(const std::vector<DatasetRow>& rows);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_
