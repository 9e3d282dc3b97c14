#include "curation_service/domain/dataset_assembly.h"

#include <map>
#include <optional>
#include <utility>

#include "curation_service/domain/candidate_filter.h"
#include "curation_service/domain/contamination.h"
#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/label_review.h"
#include "curation_service/domain/person_share.h"
#include "curation_service/domain/row_selection.h"
#include "curation_service/domain/row_size.h"
#include "shared/hashing/content_hash.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// All candidates, also those whose rows are removed later: they connect sessions and inputs all the
// same.
FirewallSplit SplitCandidates(const std::vector<Candidate>& candidates, const FirewallKeys& known,
                              const DatasetOptions& options) {
  std::vector<FirewallMember> members;
  members.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    const Interaction& interaction = candidate.interaction;
    members.push_back(MakeFirewallMember(interaction.interaction_id, interaction.session_id,
                                         interaction.input,
                                         GroupsOf(interaction, options.group_attributes)));
  }
  return SplitByFirewall(members, known, options.eval_share);
}

// Before duplicates are taken out: of equal inputs, one that has a side may stay.
std::vector<DraftRow> WithSides(std::vector<DraftRow> drafts, const FirewallSplit& split,
                                Removals& removals) {
  std::vector<DraftRow> kept;
  kept.reserve(drafts.size());
  for (DraftRow& draft : drafts) {
    const std::optional<Split> side = split.sides[draft.candidate];
    if (!side) {
      removals.Add(RemovalReason::kTouchesBothSides, draft.row.interaction_id);
      continue;
    }
    draft.row.split = *side;
    kept.push_back(std::move(draft));
  }
  return kept;
}

// Before duplicates are taken out: another one may be shorter.
std::vector<DraftRow> WithoutTooLarge(std::vector<DraftRow> drafts, Removals& removals) {
  std::erase_if(drafts, [&](const DraftRow& draft) {
    const bool leaves = IsTooLarge(draft.row);
    if (leaves) removals.Add(RemovalReason::kTooLarge, draft.row.interaction_id);
    return leaves;
  });
  return drafts;
}

std::vector<DraftRow> WithoutNegativesToEvaluate(std::vector<DraftRow> drafts, Removals& removals) {
  std::erase_if(drafts, [&](const DraftRow& draft) {
    const bool leaves = draft.row.split == Split::kEval && !draft.row.positive();
    if (leaves) removals.Add(RemovalReason::kNegativeOnEvalSide, draft.row.interaction_id);
    return leaves;
  });
  return drafts;
}

std::vector<TierRemoval> TakeLeftOut(const LeftOut& left_out, Removals& removals) {
  for (const RemovedRow& row : left_out.rows()) removals.Add(row);
  std::vector<TierRemoval> by_tier;
  for (const auto& [place, rows] : left_out.counts()) {
    by_tier.push_back({place.first, place.second, rows});
  }
  return by_tier;
}

void Add(const Part& part, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(part.kind.index())).Add(int64_t{part.incomplete});
  if (const auto* text = std::get_if<Text>(&part.kind)) {
    hash.Add(text->text);
  } else if (const auto* thought = std::get_if<Reasoning>(&part.kind)) {
    hash.Add(thought->text);
  } else if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
    hash.Add(call->tool_call_id).Add(call->name).Add(call->arguments_json);
  } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
    hash.Add(result->tool_call_id).Add(result->content);
    hash.Add(result->success ? int64_t{*result->success} : int64_t{-1});
  } else if (const auto* media = std::get_if<Media>(&part.kind)) {
    hash.Add(media->uri).Add(media->sha256).Add(media->mime_type);
    hash.Add(media->size_bytes.value_or(-1)).Add(media->description);
  }
}

void Add(const Messages& messages, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(messages.size()));
  for (const Message& message : messages) {
    hash.Add(static_cast<int64_t>(message.role)).Add(message.name).Add(message.message_id);
    hash.Add(static_cast<int64_t>(message.parts.size()));
    for (const Part& part : message.parts) Add(part, hash);
  }
}

std::string RowHash(const DatasetRow& row) {
  ContentHash hash;
  hash.Add(row.interaction_id).Add(row.session_id).Add(static_cast<int64_t>(row.split));
  Add(row.prompt, hash);
  Add(row.ideal, hash);
  hash.Add(row.input).Add(row.ideal_output);
  hash.Add(static_cast<int64_t>(row.tools.size()));
  for (const ToolDefinition& tool : row.tools) {
    hash.Add(tool.name).Add(tool.description).Add(tool.parameters_json_schema);
  }
  hash.Add(static_cast<int64_t>(row.contexts.size()));
  for (const RetrievedContext& context : row.contexts) {
    hash.Add(context.document_id).Add(context.text).Add(int64_t{context.score.has_value()});
    hash.Add(context.score.value_or(0)).Add(int64_t{context.age.has_value()});
    hash.Add(absl::ToInt64Nanoseconds(context.age.value_or(absl::ZeroDuration())));
  }
  hash.Add(static_cast<int64_t>(row.tier))
      .Add(row.score)
      .Add(static_cast<int64_t>(row.source))
      .Add(row.cohort)
      .Add(row.reported_output)
      .Add(row.model_version)
      .Add(row.prompt_version)
      .Add(row.failure_mode)
      .Add(static_cast<int64_t>(row.provenance))
      .Add(static_cast<int64_t>(row.labels.size()));
  for (const auto& [name, value] : row.labels) hash.Add(name).Add(value);
  hash.Add(static_cast<int64_t>(row.signal_ids.size()));
  for (const std::string& signal_id : row.signal_ids) hash.Add(signal_id);
  return hash.Hex();
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
  version.removed_by_reason.assign(removals.counts().begin(), removals.counts().end());
  version.content_hash = RowsHash(rows);
}

}  // namespace

absl::StatusOr<DatasetAssembly> AssembleDataset(Candidates candidates, KnownWall known,
                                                const DatasetOptions& options,
                                                const Deadline& deadline) {
  DatasetAssembly assembly;
  assembly.version.options = options;
  assembly.version.candidate_rows =
      static_cast<int64_t>(candidates.allowed.size()) + candidates.refused;
  FirewallSplit split = SplitCandidates(candidates.allowed, known.keys, options);
  assembly.new_keys = std::move(split.new_keys);
  RETURN_IF_ERROR(deadline.Check());

  Removals removals;
  removals.AddUnread(RemovalReason::kNoConsent, candidates.refused);
  std::vector<DraftRow> drafts =
      DraftRows(std::move(candidates.allowed), options.cohort_attribute, removals);
  RETURN_IF_ERROR(deadline.Check());
  if (!options.skip_label_review) {
    ASSIGN_OR_RETURN(drafts, WithReviewedLabels(std::move(drafts), removals, deadline));
  }
  drafts = WithoutTooLarge(std::move(drafts), removals);
  drafts = WithSides(std::move(drafts), split, removals);
  ASSIGN_OR_RETURN(drafts, WithoutContaminated(std::move(drafts), std::move(known.eval_inputs),
                                               options, removals, deadline));
  const Selection& selection = options.selection;
  LeftOut left_out;
  if (selection.filter) {
    drafts = WithAskedInteractions(std::move(drafts), *selection.filter, left_out);
  }
  if (selection.synthetic) drafts = WithSyntheticHeldDown(std::move(drafts), left_out);
  drafts = WithoutDuplicates(std::move(drafts), removals);
  drafts = WithinPersonShare(std::move(drafts), options.max_person_share, removals);
  RETURN_IF_ERROR(deadline.Check());
  drafts = WithoutNegativesToEvaluate(std::move(drafts), removals);
  if (selection.filter) drafts = WithAskedQuality(std::move(drafts), *selection.filter, left_out);
  drafts = SelectRows(std::move(drafts), options, candidates.use, left_out);
  assembly.rows.reserve(drafts.size());
  for (DraftRow& draft : drafts) assembly.rows.push_back(std::move(draft.row));
  assembly.version.removed_by_tier = TakeLeftOut(left_out, removals);
  Describe(assembly.rows, removals, assembly.version);
  assembly.removed_rows = removals.TakeRows();
  return assembly;
}

std::string RowsHash(const std::vector<DatasetRow>& rows) {
  ContentHash hash;  // Over the rows' own hashes: it holds in memory what is added to it.
  for (const DatasetRow& row : rows) hash.Add(RowHash(row));
  return hash.Bytes();
}

}  // namespace flywheel::curation
