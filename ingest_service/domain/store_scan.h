// Values of a store scan: what today's recognisers find in what is stored.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_STORE_SCAN_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_STORE_SCAN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"

namespace flywheel::ingest {

// Personal data by the name of its type, such as "EMAIL"; no type with 0.
using FoundTypes = std::map<std::string, int64_t>;

// What a scan has found so far.
struct ScanCounts {
  // Interactions and signals that were looked at.
  int64_t records = 0;
  int64_t changed_interactions = 0;
  int64_t changed_signals = 0;
  // Beside both, those that would change if no legal hold kept them as they are.
  int64_t held_records = 0;
  FoundTypes found = {};

  void Add(const ScanCounts& other) {
    records += other.records;
    changed_interactions += other.changed_interactions;
    changed_signals += other.changed_signals;
    held_records += other.held_records;
    for (const auto& [type, values] : other.found) found[type] += values;
  }
  friend bool operator==(const ScanCounts&, const ScanCounts&) = default;
};

// A scan of one project.
struct StoreScan {
  std::string project;
  std::string scan_id;
  // What is found is replaced.
  bool rewrite = false;
  absl::Time request_time;
  // The id of a key; empty where the server had none.
  std::string requested_by = {};
  // It goes up to here in the feed: what came later was redacted by the recognisers of the scan, or
  // of later.
  int64_t last_sequence = 0;
  // Everything up to here was looked at.
  int64_t cursor = 0;
  ScanCounts counts = {};
  bool complete = false;
};

// The text of a record changed: what the feed says of it.
struct Rewrite {
  std::string scan_id;
  // The record's place in the feed; 0 in the last entry of a scan.
  int64_t sequence = 0;
  bool last = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_STORE_SCAN_H_
