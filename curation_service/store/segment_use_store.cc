#include "curation_service/store/segment_use_store.h"

#include <map>

#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kRowsPerCheck = 1'000;

}  // namespace

absl::StatusOr<SegmentUse> SegmentUseStore::Of(const std::string& project, const std::string& agent,
                                               const std::string& attribute,
                                               const Deadline& deadline) {
  sql::Statement select = connection_.Prepare(
      "SELECT attributes FROM interactions WHERE project = ? AND agent = ? AND noise = 0");
  select.Bind(project, agent);
  SegmentUse use;
  PeriodicCheck check(deadline, kRowsPerCheck);
  while (select.Next()) {
    RETURN_IF_ERROR(check.Step());
    ASSIGN_OR_RETURN(const auto attributes, sql::TextMapFromJson(select.View(0)));
    const auto found = attributes.find(attribute);
    ++use[found == attributes.end() ? "" : found->second];
  }
  RETURN_IF_ERROR(select.status());
  return use;
}

}  // namespace flywheel::curation
