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
  std::string model_version;
};

// What is known of a case's answer.
struct StoredOutput {
  std::string content_hash;
  bool duplicate = false;
};

// How far a set is. While no case is erased both numbers only ever grow, and what is judged changes
// only with them.
struct OutputProgress {
  int64_t answered = 0;
  int64_t duplicates = 0;

  bool operator==(const OutputProgress&) const = default;
};

// The SQL of outputs and other_outputs. In the caller's transaction.
class OutputStore {
 public:
  explicit OutputStore(sql::Connection& connection) : connection_(connection) {}

  // The first answer to a case.
  absl::Status Insert(const OutputSet& set, const CaseOutput& output,
                      const std::string& content_hash, absl::Time now);

  // A further one, of which only the hash is kept; known ones change nothing.
  absl::Status InsertOther(const OutputSet& set, const std::string& case_id,
                           const std::string& content_hash, absl::Time now);

  absl::Status MarkDuplicate(const OutputSet& set, const std::string& case_id);

  // Nothing where the case has no answer yet.
  absl::StatusOr<std::optional<StoredOutput>> Find(const OutputSet& set,
                                                   const std::string& case_id);

  absl::StatusOr<bool> HasOther(const OutputSet& set, const std::string& case_id,
                                const std::string& content_hash);

  absl::StatusOr<OutputProgress> Progress(const OutputSet& set);

  // Up to `limit` first answers by case id, after `after_case_id` (empty: from the first). Empty at
  // the end.
  absl::StatusOr<std::vector<Answer>> Page(const OutputSet& set, const std::string& after_case_id,
                                           int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_OUTPUT_STORE_H_
