// Row filter: takes out the rows that nobody asked for.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CANDIDATE_FILTER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CANDIDATE_FILTER_H_

#include <map>
#include <utility>
#include <vector>

#include "curation_service/domain/draft_row.h"

namespace flywheel::curation {

// Rows that the selection left out.
class LeftOut {
 public:
  void Add(RemovalReason reason, const DatasetRow& row) {
    ++counts_[{reason, row.tier}];
    rows_.push_back({row.interaction_id, reason});
  }

  const std::map<std::pair<RemovalReason, Tier>, int64_t>& counts() const { return counts_; }
  // In the order of the steps.
  const std::vector<RemovedRow>& rows() const { return rows_; }

 private:
  std::map<std::pair<RemovalReason, Tier>, int64_t> counts_;
  std::vector<RemovedRow> rows_;
};

// Leaves the rows of the interactions that the filter asks for: by version, label and time. Before
// duplicates are taken out: one of another version must not stand for one that was asked for.
std::vector<DraftRow> WithAskedInteractions(std::vector<DraftRow> drafts,
                                            const CandidateFilter& filter, LeftOut& left_out);

// Leaves the rows of the sources and tiers that the filter asks for. After duplicates were taken
// out: an ideal that was outvoted is no better for what outvoted it being of another tier.
std::vector<DraftRow> WithAskedQuality(std::vector<DraftRow> drafts, const CandidateFilter& filter,
                                       LeftOut& left_out);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CANDIDATE_FILTER_H_
