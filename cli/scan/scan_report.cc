#include "cli/scan/scan_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/table.h"

namespace flywheel::cli {
namespace {

using ingest::v1::FoundType;
using ingest::v1::StoreScan;

bool HoldsSomething(const StoreScan& scan) {
  if (scan.held_records() > 0) return true;
  return !scan.rewrite() && scan.changed_interactions() + scan.changed_signals() > 0;
}

}  // namespace

bool ScanReport::leaves_something() const {
  return std::any_of(projects.begin(), projects.end(), HoldsSomething);
}

std::string ScanTables(const ScanReport& report) {
  std::vector<Column> columns = {
      {"PROJECT"},
      {"RECORDS", true},
      {report.rewrite ? "REPLACED INTERACTIONS" : "INTERACTIONS TO REPLACE", true},
      {"SIGNALS", true}};
  // Counting does not ask who is held.
  if (report.rewrite) columns.push_back({"HELD", true});
  Table records(std::move(columns));
  Table types({{"PROJECT"}, {"TYPE"}, {"VALUES", true}});
  for (const StoreScan& scan : report.projects) {
    std::vector<std::string> cells = {scan.project(), WithThousands(scan.records()),
                                      WithThousands(scan.changed_interactions()),
                                      WithThousands(scan.changed_signals())};
    if (report.rewrite) cells.push_back(WithThousands(scan.held_records()));
    records.AddRow(std::move(cells));
    for (const FoundType& found : scan.found()) {
      types.AddRow({scan.project(), found.type(), WithThousands(found.values())});
    }
  }
  if (types.empty()) return records.Format();
  return records.Format() + "\n" + types.Format();
}

std::string ScanJson(const ScanReport& report) {
  nlohmann::ordered_json json = {{"scan_id", report.scan_id},
                                 {"rewrite", report.rewrite},
                                 {"projects", nlohmann::json::array()}};
  for (const StoreScan& scan : report.projects) {
    nlohmann::ordered_json project = {{"project", scan.project()},
                                      {"records", scan.records()},
                                      {"changed_interactions", scan.changed_interactions()},
                                      {"changed_signals", scan.changed_signals()}};
    if (report.rewrite) project["held_records"] = scan.held_records();
    project["found"] = nlohmann::json::object();
    for (const FoundType& found : scan.found()) project["found"][found.type()] = found.values();
    json["projects"].push_back(std::move(project));
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace flywheel::cli
