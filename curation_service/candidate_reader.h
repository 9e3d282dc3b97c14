// Candidate reader: what a dataset version would take now, without building it.
#ifndef FLYWHEEL_CURATION_SERVICE_CANDIDATE_READER_H_
#define FLYWHEEL_CURATION_SERVICE_CANDIDATE_READER_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/dataset_builder.h"
#include "curation_service/domain/dataset.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// What to show of it.
struct CandidateRequest {
  std::string project;
  DatasetOptions options;
  // Rows of this tier and better.
  Tier min_tier = Tier::kSilver;
  int64_t limit = 0;
};

struct TrainingCandidates {
  // Without id, time and builder.
  DatasetVersion version;
  // Of the train side, the best tier first, within a tier by score, then in feed order.
  std::vector<DatasetRow> rows;
  // Others find it BUSY until this is gone, with the thread that made the call: rows that wait for
  // a slow reader take as much memory as before.
  std::unique_lock<std::mutex> place;
};

// Thread-safe. One is there at a time: each holds what a build holds in memory, beside two builds.
class CandidateReader {
 public:
  explicit CandidateReader(const DatasetBuilder* builder) : builder_(builder) {}

  // BUSY while another is there; LIMIT_EXCEEDED as a build; the error of `deadline`.
  absl::StatusOr<TrainingCandidates> Read(const CandidateRequest& request,
                                          const Deadline& deadline);

 private:
  const DatasetBuilder* const builder_;
  std::mutex running_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_CANDIDATE_READER_H_
