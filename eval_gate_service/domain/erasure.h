// Values of an erasure: what curation says of people who were erased.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_ERASURE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_ERASURE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::evalgate {

// One erasure. Names no person.
struct Erasure {
  std::string project;
  std::string erasure_id;
  // Rows that it took here: cases, and outputs for them.
  int64_t erased_rows = 0;
};

// Erasures in the order in which curation finished them.
struct ErasurePage {
  std::vector<Erasure> erasures;
  int64_t next_cursor = 0;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_ERASURE_H_
