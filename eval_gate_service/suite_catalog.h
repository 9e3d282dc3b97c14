// Makes suites and reads them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/neighbour/curation_client.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What CreateSuite asks for. The policy has its defaults filled in.
struct SuiteRequest {
  std::string suite_id;
  std::string dataset_version_id;
  SuitePolicy policy;
};

struct CreatedSuite {
  Suite suite;
  // True where an earlier call had made it.
  bool replayed = false;
};

// The suites of all projects. A suite is sealed when it is made: its cases are copied, its bar is
// hashed, and nothing changes it afterwards. Thread-safe; the pointers outlive this object.
class SuiteCatalog {
 public:
  SuiteCatalog(sql::Database* database, const CurationClient* curation, const Clock* clock,
               const LeastBar& least_bar)
      : database_(database), curation_(curation), clock_(clock), least_bar_(least_bar) {}

  // Takes the rows of the eval side that the evaluator has a reference for (see HasReference). A
  // replay needs no curation. ALREADY_EXISTS_WITH_OTHER_CONTENT; INVALID_ARGUMENT for a policy
  // below the least bar; NOT_FOUND for the dataset version; NEIGHBOUR_UNAVAILABLE and
  // NEIGHBOUR_REFUSED; NOT_ENOUGH_DATA where no row is left or fewer than the least bar wants,
  // where a selection of tools never expects a call, or where a cohort with a floor of its own has
  // no case: such a bar would always be met.
  absl::StatusOr<CreatedSuite> Create(const std::string& project, const SuiteRequest& request);

  // NOT_FOUND.
  absl::StatusOr<Suite> Get(const std::string& project, const std::string& suite_id);

  // Up to `limit` cases by id after `after_case_id`; empty at the end and for an unknown suite.
  absl::StatusOr<std::vector<SuiteCase>> ReadCases(const std::string& project,
                                                   const std::string& suite_id,
                                                   const std::string& after_case_id, int64_t limit);

 private:
  sql::Database* const database_;
  const CurationClient* const curation_;
  const Clock* const clock_;
  const LeastBar least_bar_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_
