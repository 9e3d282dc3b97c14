// Values of lineage: what was made from what.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LINEAGE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LINEAGE_H_

#include <compare>
#include <string>

namespace flywheel::curation {

// The numbers of flywheel.common.v1.LineageKind.
enum class LineageKind {
  kInteraction = 1,
  kDatasetVersion = 2,
  kTrainingRun = 3,
  kModelVersion = 4
};

// The numbers of flywheel.common.v1.LineageRelation.
enum class LineageRelation { kTrainRow = 1, kEvalRow = 2, kTrainedOn = 3, kTrained = 4, kBase = 5 };

// The numbers of flywheel.common.v1.LineageDirection.
enum class LineageDirection { kSources = 1, kResults = 2 };

struct LineageNode {
  LineageKind kind = LineageKind::kInteraction;
  std::string id;
  // Empty for an interaction.
  std::string agent;

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 of a defaulted comparison for a pointer.
  friend auto operator<=>(const LineageNode&, const LineageNode&) = default;
};

struct LineageEdge {
  LineageNode source;
  LineageNode result;
  LineageRelation relation = LineageRelation::kTrainRow;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LINEAGE_H_
