// Auditor of ingest: compares what it serves with what it promised.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/fault/crash/held_records.h"
#include "tests/fault/crash/promises.h"

namespace flywheel::crash {

// What an audit looked at.
struct Audited {
  int64_t interactions = 0;
  int64_t signals = 0;
  int64_t traces = 0;
  int64_t erased_people = 0;
  // Acknowledged traces that are no interaction yet.
  int64_t waiting_traces = 0;
  int64_t last_sequence = 0;
};

// Reads the feed of an ingest service, and fails the test where something that was acknowledged is
// missing, something is there twice, somebody whose erasure was acknowledged is there, or a number
// of the sequence belongs to neither a record nor a tombstone. What is written at the same time may
// be there or not. A gap is legal only as large as what is about to leave: an erasure removes
// records in pieces, and each piece's tombstone names what left with it.
class FeedAudit {
 public:
  // `promises` outlives this object, which alone takes from it.
  FeedAudit(std::string address, Promises* promises)
      : address_(std::move(address)), promises_(*promises) {}

  // Looks at what is new since the last audit, as a reader of the feed does: from its cursor on.
  Audited GoOn() { return Audit(); }

  // Forgets what was seen, reads the feed from its beginning, and looks for everything that was
  // ever acknowledged.
  Audited StartAgain();

 private:
  Audited Audit();
  void Learn();
  void ReadOn();
  void Check(const PromisedRecord& record, const std::set<std::string>& leaving);
  int64_t RecordsThatMayLeave(const std::set<std::string>& leaving,
                              const std::set<std::string>& erased_before) const;

  const std::string address_;
  Promises& promises_;
  HeldRecords held_;
  // All that was ever acknowledged, of which the first `checked_` were found.
  std::vector<PromisedRecord> promised_;
  size_t checked_ = 0;
  std::unordered_map<std::string, int64_t> promised_of_;
  int64_t traces_ = 0;
  std::vector<PromisedRecord> waiting_traces_;
};

// Searches every file of a data directory for the marks of people whose erasure was acknowledged
// before the call, and fails the test where it finds one. Returns how many bytes it looked at.
int64_t AuditFiles(const std::string& data_dir, const std::set<std::string>& erased);

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_AUDIT_H_
