// Draft rows: labelled examples on their way into a dataset version, and their deduplication.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_DRAFT_ROW_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_DRAFT_ROW_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/removals.h"

namespace flywheel::curation {

// A row and what the steps of curation need to know about it besides.
struct DraftRow {
  DatasetRow row;
  // The place of its candidate, and so its place in the feed.
  size_t candidate = 0;
  // Whose word the ideal output is: who wrote the correction, else who used the agent; empty where
  // nobody is known.
  std::string annotator;
  // When the turn began; the epoch where nobody kept it.
  absl::Time start_time = absl::UnixEpoch();
};

// The score of a row whose ideal output the user, or staff, wrote: it speaks of that text, not of
// the agent's output that it replaces.
inline constexpr double kUserCorrectionScore = 0.9;
inline constexpr double kStaffCorrectionScore = 1.0;
// The score of a synthetic example as it stands: what a program wrote is gold, not platinum.
inline constexpr double kSyntheticScore = 0.8;

// What the sender says of where a conversation comes from: the attribute `traffic`, normalised;
// empty where nothing.
std::string DeclaredTraffic(const std::map<std::string, std::string>& attributes);

// One row for each candidate, in their order: the newest correction as the ideal where there is
// one, else the agent's own work, approved by somebody (score of 0.3 and more) or rejected (a lower
// score). Calls that failed and were repaired are no part of what was approved. Those with such a
// score that nobody approved are counted as kNotApproved instead, those in which nothing was asked
// or done as kEmpty, those that hold a malformed call as kMalformedCall, and those that ingest
// marked as noise as kNoise, but for synthetic examples that staff approved or corrected.
std::vector<DraftRow> DraftRows(std::vector<Candidate> candidates,
                                const std::string& cohort_attribute, Removals& removals);

// Keeps one row of those with the same prompt and the same ideal (MeaningHash), which have one side
// where their input has one: the first that was approved, else the first. Of the approved ideals of
// one prompt those stay that no other outweighs (the sum of its rows' weights); on the eval side,
// where each question is asked once, the first of them.
std::vector<DraftRow> WithoutDuplicates(std::vector<DraftRow> drafts, Removals& removals);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_DRAFT_ROW_H_
