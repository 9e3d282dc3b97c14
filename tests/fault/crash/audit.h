// Holds ingest against its promises.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_

#include <string>
#include <vector>

#include "tests/fault/crash/promises.h"

namespace flywheel::crash {

// What an audit looked at.
struct Audited {
  int64_t interactions = 0;
  int64_t signals = 0;
  int64_t erased_people = 0;
  // Acknowledged traces that are no interaction yet.
  int64_t waiting_traces = 0;
  int64_t last_sequence = 0;
};

// Reads the whole feed of the ingest service at `address`, and fails the test where something that
// was acknowledged is missing, something is there twice, or a number of the sequence belongs to
// neither a record nor a tombstone. What is written at the same time may be there or not.
Audited AuditFeed(const std::string& address, const Promises& promises);

// Searches every file of a data directory for the marks of people whose erasure was acknowledged
// before the call, and fails the test where it finds one.
void AuditFiles(const std::string& data_dir, const Promised& promised);

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_
