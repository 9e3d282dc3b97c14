// Removals: which rows a build took out, changed or has doubts about, and why.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_REMOVALS_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_REMOVALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// What happened to the row of an interaction. It holds no text, so that nothing has to be taken out
// of it but whole entries when a person is forgotten.
struct RemovedRow {
  std::string interaction_id;
  RemovalReason reason = RemovalReason::kEmpty;
  // kContaminated and kPerhapsContaminated: how alike, 0 to 1 (domain/contamination_index.h). Of
  // the label review: the probability that it is right. Else 0.
  double score = 0;
  // The row in whose favour it left, by its interaction: what it repeats, what outvoted it, what
  // the gate asks. Empty where there is none.
  std::string other_interaction_id = {};
};

class Removals {
 public:
  void Add(RemovedRow row) {
    ++counts_[row.reason];
    rows_.push_back(std::move(row));
  }
  void Add(RemovalReason reason, std::string interaction_id) {
    Add({std::move(interaction_id), reason});
  }
  // Those of whom nothing was read.
  void AddUnread(RemovalReason reason, int64_t rows) {
    if (rows > 0) counts_[reason] += rows;
  }

  bool empty() const { return counts_.empty(); }
  // How many for this reason.
  int64_t operator[](RemovalReason reason) const {
    const auto found = counts_.find(reason);
    return found == counts_.end() ? 0 : found->second;
  }
  const std::map<RemovalReason, int64_t>& counts() const { return counts_; }
  const std::vector<RemovedRow>& rows() const { return rows_; }
  std::vector<RemovedRow> TakeRows() { return std::move(rows_); }

 private:
  std::map<RemovalReason, int64_t> counts_;
  std::vector<RemovedRow> rows_;  // In the order of the steps.
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_REMOVALS_H_
