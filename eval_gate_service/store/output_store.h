// SQL store of outputs: what model versions answered to the cases of a suite.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/domain/case_output.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// Whose answers, and to what.
struct OutputSet {
  std::string project;
  std::string suite_id;
  // Compared by its VersionKey: another spelling is the same version.
  std::string model_version;
};

// What is known of a case's output.
struct StoredOutput {
  std::string content_hash;
  // It ended in an error of the infrastructure.
  bool unavailable = false;
};

// How far a set is. While no case is erased, what is judged changes only with these: an output that
// is an answer stays.
struct OutputProgress {
  // Cases with an answer.
  int64_t answered = 0;
  // Cases whose output ended in an error of the infrastructure.
  int64_t unavailable = 0;

  bool operator==(const OutputProgress&) const = default;
};

// The SQL of outputs. In the caller's transaction.
class OutputStore {
 public:
  explicit OutputStore(sql::Connection& connection) : connection_(connection) {}

  // Takes the place of what was there.
  absl::Status Put(const OutputSet& set, const CaseOutput& output, const std::string& content_hash,
                   absl::Time now);

  // Nothing where nothing came for the case yet.
  absl::StatusOr<std::optional<StoredOutput>> Find(const OutputSet& set,
                                                   const std::string& case_id);

  absl::StatusOr<OutputProgress> Progress(const OutputSet& set);

  // Up to `limit` outputs by case id, after `after_case_id` (empty: from the first). Empty at the
  // end.
  absl::StatusOr<std::vector<CaseOutput>> Page(const OutputSet& set,
                                               const std::string& after_case_id, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_
