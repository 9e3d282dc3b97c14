#include "curation_service/domain/draft_row.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// Nobody wrote another answer, nobody said no clearly, and nobody said yes.
bool Undecided(const Candidate& candidate) {
  return !candidate.correction && candidate.score.approval == Approval::kNone &&
         candidate.score.tier() != Tier::kBronze;
}

// Whoever makes examples by a program says so.
bool IsSynthetic(const Interaction& interaction) {
  const auto traffic = interaction.attributes.find("traffic");
  return traffic != interaction.attributes.end() && NormaliseText(traffic->second) == "synthetic";
}

// Monitors call themselves synthetic too: only what an expert looked at is an example.
bool IsExample(const Candidate& candidate) {
  const bool by_staff = candidate.correction ? candidate.correction->actor == Actor::kStaff
                                             : candidate.score.approval == Approval::kStaff;
  return by_staff && IsSynthetic(candidate.interaction);
}

RowSource SourceOf(Approval approval) {
  switch (approval) {
    case Approval::kStaff:
      return RowSource::kStaffApproved;
    case Approval::kUser:
      return RowSource::kUserApproved;
    case Approval::kAccepted:
      return RowSource::kUserAccepted;
    case Approval::kNone:
      break;
  }
  return RowSource::kRejectedOutput;
}

// Empties the candidate.
DraftRow Draft(Candidate& candidate, size_t index, const std::string& cohort_attribute) {
  const bool example = IsExample(candidate);
  Interaction& interaction = candidate.interaction;
  DraftRow draft;
  draft.candidate = index;
  draft.annotator = std::move(interaction.user_id);
  draft.normalised_input = NormaliseText(interaction.input);
  DatasetRow& row = draft.row;
  row.interaction_id = std::move(interaction.interaction_id);
  row.session_id = std::move(interaction.session_id);
  row.input = std::move(interaction.input);
  row.model_version = std::move(interaction.model_version);
  const auto cohort = interaction.attributes.find(cohort_attribute);
  if (cohort != interaction.attributes.end()) row.cohort = std::move(cohort->second);

  if (candidate.correction.has_value()) {
    const bool staff = candidate.correction->actor == Actor::kStaff;
    // Anybody may correct: it says nothing of whoever asked.
    draft.annotator = std::move(candidate.correction->actor_id);
    row.ideal_output = std::move(candidate.correction->text);
    row.source = staff ? RowSource::kStaffCorrection : RowSource::kUserCorrection;
    row.score = staff ? kStaffCorrectionScore : kUserCorrectionScore;
  } else {
    row.ideal_output = std::move(interaction.output);
    row.score = candidate.score.combined;
    if (TierOf(row.score) == Tier::kBronze) {
      row.source = RowSource::kRejectedOutput;
    } else {
      row.source = example ? RowSource::kSynthetic : SourceOf(candidate.score.approval);
      row.expected_tool_calls = std::move(interaction.tool_calls);
    }
  }
  row.tier = TierOf(row.score);
  return draft;
}

// The place among `group` of the row that stays.
size_t Canonical(const std::vector<DraftRow>& drafts, const std::vector<size_t>& group) {
  bool any_positive = false;
  for (const size_t i : group) any_positive |= drafts[i].row.positive();
  struct Label {
    double weight = 0;
    size_t first = 0;
  };
  std::vector<Label> labels;  // In order of their first row.
  absl::flat_hash_map<std::string, size_t> label_of_text;
  for (const size_t i : group) {
    if (drafts[i].row.positive() != any_positive) continue;
    const auto [found, is_new] =
        label_of_text.emplace(NormaliseText(drafts[i].row.ideal_output), labels.size());
    if (is_new) labels.push_back({0, i});
    labels[found->second].weight += WeightOf(drafts[i].row.tier);
  }
  Label best = labels.front();
  for (const Label& label : labels) {
    if (label.weight > best.weight) best = label;
  }
  return best.first;
}

}  // namespace

std::vector<DraftRow> DraftRows(std::vector<Candidate> candidates,
                                const std::string& cohort_attribute, Removals& removals) {
  std::vector<DraftRow> drafts;
  drafts.reserve(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].interaction.noise && !IsExample(candidates[i])) {
      ++removals[RemovalReason::kNoise];
      continue;
    }
    if (Undecided(candidates[i])) {
      ++removals[RemovalReason::kNotApproved];
      continue;
    }
    DraftRow draft = Draft(candidates[i], i, cohort_attribute);
    if (draft.normalised_input.empty() || NormaliseText(draft.row.ideal_output).empty()) {
      ++removals[RemovalReason::kEmpty];
    } else {
      drafts.push_back(std::move(draft));
    }
  }
  return drafts;
}

std::vector<DraftRow> WithoutExactDuplicates(std::vector<DraftRow> drafts, Removals& removals) {
  absl::flat_hash_map<std::string, std::vector<size_t>> groups;
  for (size_t i = 0; i < drafts.size(); ++i) groups[drafts[i].normalised_input].push_back(i);
  std::vector<bool> stays(drafts.size(), false);
  for (const auto& [input, group] : groups) stays[Canonical(drafts, group)] = true;
  std::vector<DraftRow> kept;
  kept.reserve(groups.size());
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (stays[i]) {
      kept.push_back(std::move(drafts[i]));
    } else {
      ++removals[RemovalReason::kExactDuplicate];
    }
  }
  return kept;
}

}  // namespace flywheel::curation
