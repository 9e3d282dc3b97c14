// Values of datasets: versions, their options and rows, and the candidates for them.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "curation_service/domain/dataset_build.h"
#include "curation_service/domain/record.h"
#include "curation_service/domain/row_source.h"
#include "curation_service/domain/score.h"
#include "curation_service/domain/selection.h"
#include "curation_service/domain/tier.h"
#include "shared/lists/list_filter.h"

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.Split.
enum class Split { kTrain = 1, kEval = 2 };

// The numbers of flywheel.curation.v1.Provenance.
enum class Provenance { kUser = 1, kStaff = 2, kGolden = 3, kSynthetic = 4, kImported = 5 };

// The numbers of flywheel.curation.v1.RemovalReason.
enum class RemovalReason {
  kEmpty = 1,
  kUnreliableAnnotator = 2,
  kContradicted = 3,
  kRelabelled = 4,
  kExactDuplicate = 5,
  kNegativeOnEvalSide = 6,
  kTouchesBothSides = 7,
  kNoConsent = 8,
  kNoise = 9,
  kNotApproved = 10,
  kOutvoted = 11,
  kMalformedCall = 12,
  kTooLarge = 13,
  kContaminated = 14,
  kPerhapsContaminated = 15,
  kPlantedTrigger = 16,
  kOverPersonShare = 17,
  kFiltered = 20,
  kOverBudget = 21,
  kOverSegmentShare = 22,
  kSynthetic = 23,
};

// How to make a dataset version, with every default filled in.
struct DatasetOptions {
  std::string agent;
  // Above 0 and below 1.
  double eval_share = 0.1;
  // Empty: one cohort.
  std::string cohort_attribute;
  bool skip_label_review = false;
  // Names of attributes, sorted: what shares a value of one stands on one side. See
  // domain/interaction_groups.h.
  std::vector<std::string> group_attributes = {};
  // How alike a train row and an eval row are at least, from 0 to 1, that the first one leaves, or
  // is for people to look at. See domain/contamination.h.
  double block_similarity = 0.5;
  double review_similarity = 0.4;
  // What one person may have of the rows, from 0 to 1; see domain/person_share.h.
  double max_person_share = 0.01;
  // Which of the rows that pass are taken.
  Selection selection = {};
};

// A scored interaction, before anything is decided about it.
struct Candidate {
  int64_t sequence = 0;
  Interaction interaction;
  Score score;
  std::optional<Correction> correction;
};

// The scored interactions of an agent, in feed order.
struct Candidates {
  std::vector<Candidate> allowed;
  // How many more there are that may neither be trained on nor evaluated with: those of people who
  // refuse it, and those whose correction is theirs.
  int64_t refused = 0;
  // Where the options weigh segments by their use.
  SegmentUse use = {};
};

// One row; the weight follows from the tier.
struct DatasetRow {
  std::string interaction_id;
  std::string session_id;
  Split split = Split::kTrain;
  // All before the ideal.
  Messages prompt;
  // Calls, what came of them, and the final answer.
  Messages ideal;
  // Their short form.
  std::string input;
  std::string ideal_output;
  std::vector<ToolDefinition> tools;
  std::vector<RetrievedContext> contexts;
  Tier tier = Tier::kBronze;
  double score = 0;
  RowSource source = RowSource::kRejectedOutput;
  std::string cohort;
  std::string reported_output;
  std::string model_version;
  std::string prompt_version;
  // The interaction's attributes.
  std::map<std::string, std::string> labels = {};
  // Empty where nobody said what went wrong.
  std::string failure_mode = {};
  // The correction's, else those of the reactions.
  std::vector<std::string> signal_ids = {};
  Provenance provenance = Provenance::kUser;

  bool positive() const { return tier != Tier::kBronze; }
  bool HasMalformedCall() const {
    return curation::HasMalformedCall(prompt) || curation::HasMalformedCall(ideal);
  }
  // Of all that people, agents and tools wrote.
  size_t TextBytes() const {
    return curation::TextBytes(prompt) + curation::TextBytes(ideal) + input.size() +
           ideal_output.size() + reported_output.size() + curation::TextBytes(tools) +
           curation::TextBytes(contexts);
  }
};

// Rows of one tier that the selection left out for one reason.
struct TierRemoval {
  RemovalReason reason = RemovalReason::kFiltered;
  Tier tier = Tier::kBronze;
  int64_t rows = 0;

  bool operator==(const TierRemoval&) const = default;
};

// What a version says about itself.
struct DatasetVersion {
  std::string dataset_version_id;
  DatasetOptions options;
  // When it was asked for.
  absl::Time create_time;
  Labels labels;
  DatasetVersionState state = DatasetVersionState::kReady;
  // Until it is ready: the place in the feed that it waits for.
  int64_t min_feed_sequence = 0;
  // While it is being built.
  BuildProgress progress;
  // Where its build failed.
  BuildFailure failure;
  // Where somebody cancelled it: who and why, and the id of their key.
  std::string cancel_reason = {};
  std::string cancelled_by = {};
  // What follows is known once it is ready.
  int64_t feed_sequence = 0;
  std::string content_hash;
  int64_t train_rows = 0;
  int64_t eval_rows = 0;
  int64_t negative_rows = 0;
  // All four, the best first.
  std::vector<std::pair<Tier, int64_t>> rows_by_tier;
  // Those above 0, in the order of their numbers.
  std::vector<std::pair<RemovalReason, int64_t>> removed_by_reason;
  // The same of what the selection left out, by tier, in the order of both numbers.
  std::vector<TierRemoval> removed_by_tier = {};
  int64_t candidate_rows = 0;
  // Erased since; the counts above are those of the build.
  int64_t erased_rows = 0;
  // The id of a key; empty where the server had none.
  std::string created_by = {};
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_H_
