#include "curation_service/domain/dataset_assembly.h"

#include <map>
#include <utility>

#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/fingerprint.h"
#include "curation_service/domain/label_review.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// All candidates, also those whose rows were removed: they connect sessions and inputs all the
// same.
FirewallSplit SplitCandidates(const std::vector<Candidate>& candidates,
                              const FirewallKeys& known_train_keys, double eval_share) {
  std::vector<FirewallMember> members;
  members.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    members.push_back({candidate.interaction.interaction_id, candidate.interaction.session_id,
                       NormaliseText(candidate.interaction.input)});
  }
  return SplitByFirewall(members, known_train_keys, eval_share);
}

void Describe(const std::vector<DatasetRow>& rows, const Removals& removals,
              DatasetVersion& version) {
  std::map<Tier, int64_t> by_tier;
  for (const DatasetRow& row : rows) {
    ++by_tier[row.tier];
    if (!row.positive()) {
      ++version.negative_rows;
    } else if (row.split == Split::kTrain) {
      ++version.train_rows;
    } else {
      ++version.eval_rows;
    }
  }
  for (const Tier tier : kTiers) version.rows_by_tier.emplace_back(tier, by_tier[tier]);
  version.removed_by_reason.assign(removals.begin(), removals.end());
  version.content_hash = ContentHash(rows);
}

}  // namespace

DatasetAssembly AssembleDataset(const std::vector<Candidate>& candidates,
                                const FirewallKeys& known_train_keys,
                                const DatasetOptions& options) {
  Removals removals;
  std::vector<DraftRow> drafts = DraftRows(candidates, options.cohort_attribute, removals);
  if (!options.skip_label_review) drafts = WithReviewedLabels(std::move(drafts), removals);
  drafts = WithoutExactDuplicates(std::move(drafts), removals);

  FirewallSplit split = SplitCandidates(candidates, known_train_keys, options.eval_share);
  DatasetAssembly assembly;
  assembly.new_train_keys = std::move(split.new_train_keys);
  for (DraftRow& draft : drafts) {
    draft.row.split = split.sides[draft.candidate];
    if (draft.row.split == Split::kEval && !draft.row.positive()) {
      ++removals[RemovalReason::kNegativeOnEvalSide];
    } else {
      assembly.rows.push_back(std::move(draft.row));
    }
  }
  assembly.version.options = options;
  assembly.version.candidate_rows = static_cast<int64_t>(candidates.size());
  Describe(assembly.rows, removals, assembly.version);
  return assembly;
}

std::string ContentHash(const std::vector<DatasetRow>& rows) {
  Fingerprint fingerprint;
  for (const DatasetRow& row : rows) {
    fingerprint.Add(row.interaction_id)
        .Add(row.session_id)
        .Add(static_cast<int64_t>(row.split))
        .Add(row.input)
        .Add(row.ideal_output)
        .Add(static_cast<int64_t>(row.expected_tool_calls.size()));
    for (const ToolCall& call : row.expected_tool_calls) {
      fingerprint.Add(call.name).Add(call.arguments_json);
    }
    fingerprint.Add(static_cast<int64_t>(row.tier))
        .Add(row.score)
        .Add(static_cast<int64_t>(row.source))
        .Add(row.cohort)
        .Add(row.reported_output)
        .Add(row.model_version);
  }
  return fingerprint.Hex();
}

}  // namespace flywheel::curation
