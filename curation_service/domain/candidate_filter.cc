#include "curation_service/domain/candidate_filter.h"

#include <algorithm>

namespace flywheel::curation {
namespace {

template <typename Value>
bool Holds(const std::vector<Value>& wanted, const Value& value) {
  return wanted.empty() || std::binary_search(wanted.begin(), wanted.end(), value);
}

bool InRange(const CandidateFilter& filter, absl::Time start_time) {
  const bool bounded = filter.start_time_from != absl::InfinitePast() ||
                       filter.start_time_before != absl::InfiniteFuture();
  if (!bounded) return true;
  return start_time != absl::UnixEpoch() && start_time >= filter.start_time_from &&
         start_time < filter.start_time_before;
}

bool IsAskedFor(const CandidateFilter& filter, const DraftRow& draft) {
  const std::map<std::string, std::string>& labels = draft.row.labels;
  // Both are sorted by name.
  return Holds(filter.model_versions, draft.row.model_version) &&
         Holds(filter.prompt_versions, draft.row.prompt_version) &&
         std::includes(labels.begin(), labels.end(), filter.labels.begin(), filter.labels.end()) &&
         InRange(filter, draft.start_time);
}

template <typename Stays>
std::vector<DraftRow> Filtered(std::vector<DraftRow> drafts, LeftOut& left_out, Stays stays) {
  std::erase_if(drafts, [&](const DraftRow& draft) {
    if (stays(draft)) return false;
    left_out.Add(RemovalReason::kFiltered, draft.row);
    return true;
  });
  return drafts;
}

}  // namespace

std::vector<DraftRow> WithAskedInteractions(std::vector<DraftRow> drafts,
                                            const CandidateFilter& filter, LeftOut& left_out) {
  return Filtered(std::move(drafts), left_out,
                  [&](const DraftRow& draft) { return IsAskedFor(filter, draft); });
}

std::vector<DraftRow> WithAskedQuality(std::vector<DraftRow> drafts, const CandidateFilter& filter,
                                       LeftOut& left_out) {
  return Filtered(std::move(drafts), left_out, [&](const DraftRow& draft) {
    return Holds(filter.sources, draft.row.source) && Holds(filter.tiers, draft.row.tier);
  });
}

}  // namespace flywheel::curation
