// What a scan of the store found, for people and for programs.
#ifndef FLYWHEEL_CLI_SCAN_SCAN_REPORT_H_
#define FLYWHEEL_CLI_SCAN_SCAN_REPORT_H_

#include <string>
#include <vector>

#include "flywheel/ingest/v1/store_scan_service.pb.h"

namespace flywheel::cli {

// The scan of each project, complete, in the order in which they came.
struct ScanReport {
  std::string scan_id;
  bool rewrite = false;
  std::vector<ingest::v1::StoreScan> projects = {};

  // Whether the store holds something that today's recognisers would replace, now that the scan is
  // over: without a rewrite what was found, with one what a legal hold keeps.
  bool leaves_something() const;
};

// A row a project, then a row a project and type.
std::string ScanTables(const ScanReport& report);

// {"scan_id": ..., "rewrite": ..., "projects": [{"project": ..., "found": {"EMAIL": 4}}]}, and a
// line break.
std::string ScanJson(const ScanReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SCAN_SCAN_REPORT_H_
