// Reads verdicts.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_ARCHIVE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_ARCHIVE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Which verdicts to list.
struct VerdictQuery {
  // Empty: all versions.
  std::string model_version;
  // Only those that are older than this place; not set: from the newest.
  std::optional<int64_t> before_sequence;
  int64_t page_size = 50;
};

struct VerdictPage {
  // The newest first.
  std::vector<Verdict> verdicts;
  // Where the next page begins; not set on the last one.
  std::optional<int64_t> next_before_sequence;
};

// What was decided. Thread-safe; the pointer outlives this object.
class VerdictArchive {
 public:
  explicit VerdictArchive(sql::Database* database) : database_(database) {}

  // NOT_FOUND.
  absl::StatusOr<Verdict> Get(const std::string& project, const std::string& verdict_id);

  absl::StatusOr<VerdictPage> List(const std::string& project, const VerdictQuery& query);

  // The verdict that was given last on the version, on whatever suite; nothing where nobody judged
  // it.
  absl::StatusOr<std::optional<Verdict>> Newest(const std::string& project,
                                                const std::string& model_version);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_ARCHIVE_H_
