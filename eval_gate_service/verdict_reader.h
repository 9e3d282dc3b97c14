// Use cases GetVerdict, ListVerdicts and GetShipDecision: read what was decided.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Which verdicts to list.
struct VerdictQuery {
  // Empty: all versions.
  std::string model_version;
  // Only those that are older than this place; 0: from the newest.
  int64_t before_sequence = 0;
  int64_t page_size = 50;
};

struct VerdictPage {
  // The newest first.
  std::vector<Verdict> verdicts;
  // Where the next page begins; 0 on the last one.
  int64_t next_before_sequence = 0;
};

// May it ship? Yes where the decision is kPass; kNone where nobody judged it.
struct ShipAnswer {
  Decision decision = Decision::kNone;
  // The verdict that decides.
  std::optional<Verdict> verdict;
};

// Reads verdicts and what they come to; Judge gives them. Thread-safe; the pointer outlives this
// object.
class VerdictReader {
 public:
  explicit VerdictReader(sql::Database* database) : database_(database) {}

  // NOT_FOUND.
  absl::StatusOr<Verdict> Get(const std::string& project, const std::string& verdict_id);

  absl::StatusOr<VerdictPage> List(const std::string& project, const VerdictQuery& query);

  // "May this version ship?", by the rule of domain/ship_decision.h.
  absl::StatusOr<ShipAnswer> Decide(const std::string& project, const ShipQuestion& question);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_
