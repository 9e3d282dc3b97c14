// From scored interactions to the rows of a dataset version.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_

#include <string>
#include <vector>

#include "curation_service/domain/dataset.h"
#include "curation_service/domain/firewall.h"

namespace flywheel::curation {

// The rows of a version, and what comes with them.
struct DatasetAssembly {
  // In feed order.
  std::vector<DatasetRow> rows;
  // Everything that follows from rows, candidates and options; without id, time and feed sequence.
  DatasetVersion version;
  // What the firewall must remember from now on.
  std::vector<std::string> new_train_keys;
};

// Drafts a row for each candidate, reviews the labels, takes out duplicates, splits by the firewall
// and takes negative rows off the eval side. `candidates` are in feed order; the same arguments
// give the same result, bit by bit.
DatasetAssembly AssembleDataset(const std::vector<Candidate>& candidates,
                                const FirewallKeys& known_train_keys,
                                const DatasetOptions& options);

// SHA-256 over everything in the rows, as 64 hexadecimal digits.
std::string ContentHash(const std::vector<DatasetRow>& rows);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_ASSEMBLY_H_
