// What a version may have learned of the cases that it is asked: curation knows what it was made
// from.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CONTAMINATION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CONTAMINATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/upstream/curation_client.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Thread-safe; the pointers outlive this object.
class ContaminationFinder {
 public:
  ContaminationFinder(sql::Database* database, const CurationClient* curation)
      : database_(database), curation_(curation) {}

  // The cases of the suite whose question the version of the run may have been trained on. A suite
  // of a dataset version has none, and curation is not asked: its firewall keeps the eval side from
  // every train side for ever. The errors of CurationClient::FindTaught.
  absl::StatusOr<Contamination> Find(const std::string& project, const Suite& suite, const Run& run,
                                     const Deadline& deadline) const;

 private:
  sql::Database* const database_;
  const CurationClient* const curation_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CONTAMINATION_H_
