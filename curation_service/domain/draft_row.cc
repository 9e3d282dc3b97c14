#include "curation_service/domain/draft_row.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/turn.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// Nobody wrote another answer, nobody said no clearly, and nobody said yes.
bool Undecided(const Candidate& candidate) {
  return !candidate.correction && candidate.score.approval == Approval::kNone &&
         candidate.score.tier() != Tier::kBronze;
}

bool IsJudgedByStaff(const Candidate& candidate) {
  return candidate.correction ? candidate.correction->actor == Actor::kStaff
                              : candidate.score.approval == Approval::kStaff;
}

// Monitors call themselves synthetic too: only what an expert looked at is an example.
bool IsExample(const Candidate& candidate) {
  return IsJudgedByStaff(candidate) &&
         DeclaredTraffic(candidate.interaction.attributes) == "synthetic";
}

Provenance ProvenanceOf(const Candidate& candidate) {
  const std::string traffic = DeclaredTraffic(candidate.interaction.attributes);
  if (traffic == "golden") return Provenance::kGolden;
  if (traffic == "synthetic") return Provenance::kSynthetic;
  if (traffic == "imported") return Provenance::kImported;
  return IsJudgedByStaff(candidate) ? Provenance::kStaff : Provenance::kUser;
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

void Append(Messages more, Messages& messages) {
  messages.insert(messages.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

// Sets ideal, source and score by the correction. Where that is a text alone, what led up to the
// text that it replaces joins the prompt: whether these calls were right nobody says.
void TakeCorrection(Correction& correction, Messages work, DatasetRow& row) {
  const bool staff = correction.actor == Actor::kStaff;
  row.source = staff ? RowSource::kStaffCorrection : RowSource::kUserCorrection;
  row.score = staff ? kStaffCorrectionScore : kUserCorrectionScore;
  if (!correction.messages.empty()) {
    row.ideal = std::move(correction.messages);
    return;
  }
  Append(WithoutFinalAnswer(WithoutRepairedCalls(std::move(work))), row.prompt);
  row.ideal = {TextMessage(Role::kAssistant, std::move(correction.text))};
}

// Empties the candidate. Nothing where nothing was asked, or where there is no ideal output.
std::optional<DraftRow> Draft(Candidate& candidate, size_t index,
                              const std::string& cohort_attribute) {
  const bool example = IsExample(candidate);
  const Provenance provenance = ProvenanceOf(candidate);
  Interaction& interaction = candidate.interaction;
  Turn turn = TakeTurn(interaction);
  if (!SaysSomething(turn.asked)) return std::nullopt;
  DraftRow draft;
  draft.candidate = index;
  draft.annotator = std::move(interaction.user_id);
  draft.start_time = interaction.start_time;
  DatasetRow& row = draft.row;
  row.interaction_id = std::move(interaction.interaction_id);
  row.session_id = std::move(interaction.session_id);
  row.input = std::move(interaction.input);
  row.model_version = std::move(interaction.model_version);
  row.prompt_version = std::move(interaction.prompt_version);
  row.tools = std::move(interaction.tools);
  row.contexts = std::move(interaction.contexts);
  row.provenance = provenance;
  row.failure_mode = candidate.score.failure_mode.empty() ? std::move(interaction.failure_kind)
                                                          : std::move(candidate.score.failure_mode);
  row.labels = std::move(interaction.attributes);
  const auto cohort = row.labels.find(cohort_attribute);
  if (cohort != row.labels.end()) row.cohort = cohort->second;

  row.prompt = std::move(interaction.history);
  Append(std::move(turn.asked), row.prompt);
  if (candidate.correction.has_value()) {
    // Anybody may correct: it says nothing of whoever asked.
    draft.annotator = std::move(candidate.correction->actor_id);
    row.signal_ids = {std::move(candidate.correction->signal_id)};
    TakeCorrection(*candidate.correction, std::move(turn.work), row);
  } else {
    row.score = example ? kSyntheticScore : candidate.score.combined;
    row.signal_ids = std::move(candidate.score.signal_ids);
    const bool rejected = TierOf(row.score) == Tier::kBronze;
    row.source = rejected  ? RowSource::kRejectedOutput
                 : example ? RowSource::kSynthetic
                           : SourceOf(candidate.score.approval);
    // What not to do is shown with all that went wrong.
    if (!rejected) turn.work = WithoutRepairedCalls(std::move(turn.work));
    row.ideal = UpToLastWord(std::move(turn.work));
  }
  if (!SaysSomething(row.ideal)) return std::nullopt;
  row.ideal_output = FinalText(row.ideal);
  row.tier = TierOf(row.score);
  return draft;
}

// The rows of one prompt that say the same.
struct Ideal {
  // Of its approved rows; 0 where there are none.
  double weight = 0;
  // The first that was approved, else the first.
  size_t row = 0;
  // All of them.
  std::vector<size_t> rows;
};

// The rows of one prompt, in their order.
std::vector<Ideal> IdealsOf(const std::vector<DraftRow>& drafts, const std::vector<size_t>& group) {
  std::vector<Ideal> ideals;
  absl::flat_hash_map<std::string, size_t> place_of;
  for (const size_t i : group) {
    const DatasetRow& row = drafts[i].row;
    const auto [found, is_new] = place_of.emplace(MeaningHash(row.ideal), ideals.size());
    if (is_new) ideals.push_back({0, i, {}});
    Ideal& ideal = ideals[found->second];
    ideal.rows.push_back(i);
    if (!row.positive()) continue;
    if (ideal.weight == 0) ideal.row = i;
    ideal.weight += WeightOf(row.tier);
  }
  return ideals;
}

}  // namespace

std::string DeclaredTraffic(const std::map<std::string, std::string>& attributes) {
  const auto traffic = attributes.find("traffic");
  return traffic == attributes.end() ? "" : NormaliseText(traffic->second);
}

std::vector<DraftRow> DraftRows(std::vector<Candidate> candidates,
                                const std::string& cohort_attribute, Removals& removals) {
  std::vector<DraftRow> drafts;
  drafts.reserve(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].interaction.noise && !IsExample(candidates[i])) {
      removals.Add(RemovalReason::kNoise, candidates[i].interaction.interaction_id);
      continue;
    }
    if (Undecided(candidates[i])) {
      removals.Add(RemovalReason::kNotApproved, candidates[i].interaction.interaction_id);
      continue;
    }
    std::string id = candidates[i].interaction.interaction_id;
    std::optional<DraftRow> draft = Draft(candidates[i], i, cohort_attribute);
    if (!draft) {
      removals.Add(RemovalReason::kEmpty, std::move(id));
    } else if (draft->row.HasMalformedCall()) {
      removals.Add(RemovalReason::kMalformedCall, std::move(id));
    } else {
      drafts.push_back(*std::move(draft));
    }
  }
  return drafts;
}

std::vector<DraftRow> WithoutDuplicates(std::vector<DraftRow> drafts, Removals& removals) {
  absl::flat_hash_map<std::string, std::vector<size_t>> groups;
  for (size_t i = 0; i < drafts.size(); ++i) groups[MeaningHash(drafts[i].row.prompt)].push_back(i);
  // Why a row leaves, and in whose favour.
  std::vector<std::optional<std::pair<RemovalReason, size_t>>> leaves(drafts.size());
  for (const auto& [prompt, group] : groups) {
    const std::vector<Ideal> ideals = IdealsOf(drafts, group);
    const auto best =
        std::max_element(ideals.begin(), ideals.end(),
                         [](const Ideal& a, const Ideal& b) { return a.weight < b.weight; });
    bool asked = false;
    for (const Ideal& ideal : ideals) {
      const DatasetRow& row = drafts[ideal.row].row;
      for (const size_t i : ideal.rows) {
        if (i != ideal.row) leaves[i] = {RemovalReason::kExactDuplicate, ideal.row};
      }
      const bool loses =
          row.positive() && (ideal.weight < best->weight || (row.split == Split::kEval && asked));
      if (loses) {
        leaves[ideal.row] = {RemovalReason::kOutvoted, best->row};
      } else {
        asked |= row.positive();
      }
    }
  }
  std::vector<DraftRow> kept;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (!leaves[i]) continue;
    const auto& [reason, other] = *leaves[i];
    removals.Add({drafts[i].row.interaction_id, reason, 0, drafts[other].row.interaction_id});
  }
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (!leaves[i]) kept.push_back(std::move(drafts[i]));
  }
  return kept;
}

}  // namespace flywheel::curation
