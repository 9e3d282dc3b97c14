// List range: a statement over a table whose things are counted by an ordinal, in either direction.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_LIST_RANGE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_LIST_RANGE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "shared/sql/connection.h"
#include "shared/sql/text.h"

namespace flywheel::curation {

// Where a list goes on.
struct ListRange {
  // Empty: of all agents.
  std::string agent;
  bool oldest_first = false;
  // Beyond this ordinal, in the direction of the list; 0: from its beginning.
  int64_t beyond = 0;
};

// The statement for up to `limit` things, bound. `head` ends where a condition begins, and its
// table has indexes on (project, ordinal) and (project, agent, ordinal): one statement for all
// agents, one for one, so that each goes along its index.
template <size_t N>
sql::Statement PrepareList(sql::Connection& connection, const sql::Text<N>& head,
                           const std::string& project, const ListRange& range, int64_t limit) {
  static constexpr sql::Text kAll("project = ? ");
  static constexpr sql::Text kOfAgent("project = ? AND agent = ? ");
  static constexpr sql::Text kDown("AND ordinal < ? ORDER BY ordinal DESC LIMIT ?");
  static constexpr sql::Text kUp("AND ordinal > ? ORDER BY ordinal LIMIT ?");
  const bool from_newest = !range.oldest_first && range.beyond == 0;
  const int64_t beyond = from_newest ? std::numeric_limits<int64_t>::max() : range.beyond;
  if (range.agent.empty()) {
    sql::Statement select = range.oldest_first ? connection.Prepare(head + kAll + kUp)
                                               : connection.Prepare(head + kAll + kDown);
    select.Bind(project, beyond, limit);
    return select;
  }
  sql::Statement select = range.oldest_first ? connection.Prepare(head + kOfAgent + kUp)
                                             : connection.Prepare(head + kOfAgent + kDown);
  select.Bind(project, range.agent, beyond, limit);
  return select;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_LIST_RANGE_H_
