// Use cases CreateSuite, GetSuite, ListSuites and ReadSuiteCases: seals suites, and reads them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/suite_writer.h"
#include "eval_gate_service/upstream/curation_client.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// What CreateSuite asks for. The name is filled in; the evaluators may be left out.
struct SuiteRequest {
  std::string suite_id;
  std::string dataset_version_id;
  std::vector<EvaluatorSpec> evaluators;
  std::string suite_name;
  Labels labels = {};
};

// The suites of all projects. A suite is sealed when it is made: its cases are copied and
// hashed, and nothing changes it afterwards but that people are erased (CaseEraser). Thread-safe;
// the pointers outlive this object.
class SuiteCatalog {
 public:
  SuiteCatalog(sql::Database* database, const CurationClient* curation, const Clock* clock,
               SuiteWriter* writer)
      : database_(database), curation_(curation), clock_(clock), writer_(writer) {}

  // Takes the rows of the eval side that the evaluators can judge; begins anew where
  // people are erased meanwhile, who may be in what was read. A replay needs no curation.
  // CHANGED_MEANWHILE where that does not end; ALREADY_EXISTS_WITH_OTHER_CONTENT; the errors of
  // CurationClient::ReadEvalSide and of suite_cases.h; the error of `deadline`, after which
  // nothing is stored.
  absl::StatusOr<Created<Suite>> Create(const rpc::Actor& actor, SuiteRequest request,
                                        const Deadline& deadline);

  // NOT_FOUND.
  absl::StatusOr<Suite> Get(const std::string& project, const std::string& suite_id);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Suite>> List(const std::string& project, const SuiteFilter& filter,
                                       int64_t beyond, int64_t page_size);

  // Up to `limit` cases by id after `after_case_id`, fewer where they reach 1 MiB; empty at the end
  // and for an unknown suite.
  absl::StatusOr<std::vector<SuiteCase>> ReadCases(const std::string& project,
                                                   const std::string& suite_id,
                                                   const std::string& after_case_id, int64_t limit);

 private:
  absl::StatusOr<SuiteDraft> MakeDraft(const rpc::Actor& actor, const SuiteRequest& request,
                                       const std::string& request_hash, const Deadline& deadline);

  sql::Database* const database_;
  const CurationClient* const curation_;
  const Clock* const clock_;
  SuiteWriter* const writer_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SUITE_CATALOG_H_
