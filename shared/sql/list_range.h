// List range: a statement over a table whose things are counted by an ordinal, in either direction.
#ifndef FLYWHEEL_SHARED_SQL_LIST_RANGE_H_
#define FLYWHEEL_SHARED_SQL_LIST_RANGE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "shared/sql/connection.h"
#include "shared/sql/text.h"

namespace flywheel::sql {

// Where a list goes on.
struct ListRange {
  // Empty: of all agents.
  std::string agent;
  bool oldest_first = false;
  // Beyond this ordinal, in the direction of the list; 0: from its beginning.
  int64_t beyond = 0;

  // The bound of a statement that goes up, or down.
  int64_t Bound() const {
    const bool from_newest = !oldest_first && beyond == 0;
    return from_newest ? std::numeric_limits<int64_t>::max() : beyond;
  }
};

inline constexpr Text kListDown("AND ordinal < ? ORDER BY ordinal DESC LIMIT ?");
inline constexpr Text kListUp("AND ordinal > ? ORDER BY ordinal LIMIT ?");

// The statement for up to `limit` things whose `column` is `value`, bound; the agent of the range
// is not looked at. `head` ends where a condition begins, and its table has an index on (project,
// column, ordinal).
template <size_t N, size_t M>
Statement PrepareListOf(Connection& connection, const Text<N>& head, const Text<M>& column,
                        const std::string& value, const std::string& project,
                        const ListRange& range, int64_t limit) {
  const auto of_one = head + "project = ? AND " + column + " = ? ";
  Statement select = range.oldest_first ? connection.Prepare(of_one + kListUp)
                                        : connection.Prepare(of_one + kListDown);
  select.Bind(project, value, range.Bound(), limit);
  return select;
}

// The same for all things, or those of the agent of the range: one statement for all agents, one
// for one, so that each goes along its index, (project, ordinal) or (project, agent, ordinal).
template <size_t N>
Statement PrepareList(Connection& connection, const Text<N>& head, const std::string& project,
                      const ListRange& range, int64_t limit) {
  if (!range.agent.empty()) {
    return PrepareListOf(connection, head, Text("agent"), range.agent, project, range, limit);
  }
  const auto of_all = head + "project = ? ";
  Statement select = range.oldest_first ? connection.Prepare(of_all + kListUp)
                                        : connection.Prepare(of_all + kListDown);
  select.Bind(project, range.Bound(), limit);
  return select;
}

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_LIST_RANGE_H_
