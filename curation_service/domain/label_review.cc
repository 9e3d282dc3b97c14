#include "curation_service/domain/label_review.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/label_quality.h"
#include "shared/status/status_macros.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

// Calls alone are no label.
bool HasLabel(const DatasetRow& row) { return row.positive() && !row.ideal_output.empty(); }

RemovalReason RemovalOf(LabelReason reason) {
  switch (reason) {
    case LabelReason::kUnreliableAnnotator:
      return RemovalReason::kUnreliableAnnotator;
    case LabelReason::kPlantedTrigger:
      return RemovalReason::kPlantedTrigger;
    default:
      return RemovalReason::kContradicted;
  }
}

// Replaces what people reported by `label`, written as `text`.
void Relabel(const std::string& text, double confidence, DatasetRow& row) {
  row.reported_output = std::exchange(row.ideal_output, text);
  row.ideal = {TextMessage(Role::kAssistant, text)};  // The calls led to the other answer.
  row.source = RowSource::kRelabelled;
  row.score = std::min(confidence, kRelabelledScoreMax);
  row.tier = TierOf(row.score);
}

}  // namespace

absl::StatusOr<std::vector<DraftRow>> WithReviewedLabels(std::vector<DraftRow> drafts,
                                                         Removals& removals,
                                                         const Deadline& deadline) {
  std::vector<LabelledExample> examples;
  absl::flat_hash_map<std::string, std::string> text_of_label;  // As it was first written.
  for (const DraftRow& draft : drafts) {
    if (!HasLabel(draft.row)) continue;
    const bool by_staff =
        draft.row.source == RowSource::kStaffApproved || draft.row.source == RowSource::kSynthetic;
    std::string label = NormaliseText(draft.row.ideal_output);
    text_of_label.emplace(label, draft.row.ideal_output);
    examples.push_back({draft.row.input, std::move(label), draft.annotator, by_staff});
  }
  ASSIGN_OR_RETURN(const std::vector<LabelReview> reviews,
                   ReviewLabels(examples, LabelQualityOptions(), deadline));

  std::vector<DraftRow> kept;
  kept.reserve(drafts.size());
  auto review = reviews.begin();
  for (DraftRow& draft : drafts) {
    if (HasLabel(draft.row)) {
      const LabelReview& verdict = *review++;
      if (verdict.decision == LabelDecision::kDrop) {
        removals.Add({draft.row.interaction_id, RemovalOf(verdict.reason), verdict.confidence});
        continue;
      }
      if (verdict.decision == LabelDecision::kRelabel) {
        removals.Add({draft.row.interaction_id, RemovalReason::kRelabelled, verdict.confidence});
        Relabel(text_of_label[verdict.label], verdict.confidence, draft.row);
      }
    }
    kept.push_back(std::move(draft));
  }
  return kept;
}

}  // namespace flywheel::curation
