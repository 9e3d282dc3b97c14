#include "curation_service/domain/person_share.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

constexpr size_t kLeastRows = 20;
constexpr double kTimesTheMean = 3;

bool Counts(const DraftRow& draft) {
  return draft.row.split == Split::kTrain && !draft.annotator.empty() &&
         draft.row.source != RowSource::kStaffApproved &&
         draft.row.source != RowSource::kStaffCorrection;
}

// The rows of one group, by who they are of; all rows of the group count for its size.
struct Group {
  size_t rows = 0;
  absl::flat_hash_map<std::string_view, std::vector<size_t>> of_person;
};

// Marks what each person has too much of in the groups that `group_of` makes of what is left.
void MarkBeyondShare(const std::vector<DraftRow>& drafts, double max_share,
                     absl::FunctionRef<std::string(const DatasetRow&)> group_of,
                     std::vector<bool>& leaves) {
  absl::flat_hash_map<std::string, Group> groups;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (leaves[i] || drafts[i].row.split != Split::kTrain) continue;
    Group& group = groups[group_of(drafts[i].row)];
    ++group.rows;
    if (Counts(drafts[i])) group.of_person[drafts[i].annotator].push_back(i);
  }
  for (auto& [name, group] : groups) {
    const size_t most = MostOfPerson(group.rows, group.of_person.size(), max_share);
    for (auto& [person, rows] : group.of_person) {
      if (rows.size() <= most) continue;
      std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
        const DatasetRow& x = drafts[a].row;
        const DatasetRow& y = drafts[b].row;
        return std::pair(x.tier, std::string_view(x.interaction_id)) <
               std::pair(y.tier, std::string_view(y.interaction_id));
      });
      for (size_t k = most; k < rows.size(); ++k) leaves[rows[k]] = true;
    }
  }
}

}  // namespace

size_t MostOfPerson(size_t rows, size_t persons, double max_share) {
  const auto all = static_cast<double>(rows);
  const double mean = persons == 0 ? all : all / static_cast<double>(persons);
  const double most = std::max(max_share * all, kTimesTheMean * mean);
  return std::max(kLeastRows, static_cast<size_t>(std::floor(most)));
}

std::vector<DraftRow> WithinPersonShare(std::vector<DraftRow> drafts, double max_share,
                                        Removals& removals) {
  std::vector<bool> leaves(drafts.size(), false);
  MarkBeyondShare(
      drafts, max_share, [](const DatasetRow&) { return std::string(); }, leaves);
  MarkBeyondShare(
      drafts, max_share, [](const DatasetRow& row) { return NormaliseText(row.ideal_output); },
      leaves);
  MarkBeyondShare(
      drafts, max_share,
      [](const DatasetRow& row) { return std::to_string(static_cast<int>(row.tier)); }, leaves);
  std::vector<DraftRow> kept;
  kept.reserve(drafts.size());
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (leaves[i]) {
      removals.Add(RemovalReason::kOverPersonShare, drafts[i].row.interaction_id);
    } else {
      kept.push_back(std::move(drafts[i]));
    }
  }
  return kept;
}

}  // namespace flywheel::curation
