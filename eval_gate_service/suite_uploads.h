// Use case UploadSuite: seals a suite of cases that the client brings.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SUITE_UPLOADS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SUITE_UPLOADS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/suite_writer.h"
#include "eval_gate_service/upstream/curation_client.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// What UploadSuite asks for, without the cases. The name is filled in.
struct SuiteUpload {
  std::string suite_id;
  std::string agent;
  std::string suite_name;
  std::vector<EvaluatorSpec> evaluators;
  Labels labels = {};
};

// Thread-safe; the pointers outlive this object.
class SuiteUploads {
 public:
  SuiteUploads(sql::Database* database, const CurationClient* curation, const Clock* clock,
               SuiteWriter* writer)
      : database_(database), curation_(curation), clock_(clock), writer_(writer) {}

  // What can be said before the cases come: the upload with its evaluators filled in. The errors of
  // Grader::Complete and RequireJudge.
  absl::StatusOr<SuiteUpload> Admit(const rpc::Actor& actor, SuiteUpload upload) const;

  // Of an admitted upload. A replay needs no curation. INVALID_ARGUMENT with the first cases that
  // no evaluator can judge, CONTAMINATED with the first that models were trained on;
  // ALREADY_EXISTS_WITH_OTHER_CONTENT; the errors of CheckCases, CurationClient::FindTaught and
  // `deadline`, after which nothing is stored.
  absl::StatusOr<Created<Suite>> Keep(const rpc::Actor& actor, const SuiteUpload& upload,
                                      std::vector<SuiteCase> cases, const Deadline& deadline) const;

 private:
  absl::Status CheckAll(const SuiteUpload& upload, const std::vector<SuiteCase>& cases,
                        const Deadline& deadline) const;
  absl::Status RefuseTaught(const rpc::Actor& actor, const SuiteUpload& upload,
                            const std::vector<SuiteCase>& cases, const Deadline& deadline) const;

  sql::Database* const database_;
  const CurationClient* const curation_;
  const Clock* const clock_;
  SuiteWriter* const writer_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SUITE_UPLOADS_H_
