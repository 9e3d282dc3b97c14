#include "ingest_service/store/interaction_list.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>

#include "ingest_service/domain/record_limits.h"
#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// So many rows are looked at for one page: a filter that fits little would read the whole store.
constexpr int64_t kMaxRowsSeen = 20'000;

bool Fits(const std::string& wanted, std::string_view value) {
  return wanted.empty() || wanted == value;
}

bool FitsOne(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

absl::StatusOr<bool> HasAttribute(sql::Connection& connection, int64_t sequence,
                                  const std::string& name, const std::string& value) {
  sql::Statement select = connection.Prepare(
      "SELECT value FROM interaction_attributes WHERE sequence = ? AND name = ?");
  const bool has = select.Bind(sequence, name).Next() && select.View(0) == value;
  RETURN_IF_ERROR(select.status());
  return has;
}

absl::StatusOr<bool> HasSignal(sql::Connection& connection, const std::string& project,
                               const std::string& interaction_id, SignalKind kind) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT 1 FROM signals
      WHERE project = ? AND interaction_id <> '' AND interaction_id = ? AND kind = ?
      ORDER BY sequence LIMIT 1)sql");
  const bool has = select.Bind(project, interaction_id, static_cast<int64_t>(kind)).Next();
  RETURN_IF_ERROR(select.status());
  return has;
}

}  // namespace

absl::StatusOr<InteractionPage> InteractionList::Read(const std::string& project,
                                                      const InteractionFilter& filter,
                                                      int64_t after, int64_t limit) {
  // A statement for each index and order. What else is filtered by is looked at row by row: an
  // index for each would cost every write.
  static constexpr sql::Text kSelect(R"sql(
      SELECT sequence, interaction_id, user_pseudonym, agent, model_version, start_time_us,
             commit_time_us, payload, payload_form, payload_place
      FROM interactions WHERE project = ? )sql");
  static constexpr sql::Text kOfSession("AND session_id <> '' AND session_id = ? ");
  static constexpr sql::Text kRising("AND sequence > ? ORDER BY sequence");
  static constexpr sql::Text kFalling("AND sequence < ? ORDER BY sequence DESC");
  static constexpr auto kOldestSql = kSelect + kRising;
  static constexpr auto kNewestSql = kSelect + kFalling;
  static constexpr auto kOldestOfSessionSql = kSelect + kOfSession + kRising;
  static constexpr auto kNewestOfSessionSql = kSelect + kOfSession + kFalling;
  const bool rising = filter.oldest_first;
  const int64_t from = rising || after > 0 ? after : std::numeric_limits<int64_t>::max();
  sql::Statement select =
      filter.session_id.empty()
          ? (rising ? connection_.Prepare(kOldestSql) : connection_.Prepare(kNewestSql))
          : (rising ? connection_.Prepare(kOldestOfSessionSql)
                    : connection_.Prepare(kNewestOfSessionSql));
  if (filter.session_id.empty()) {
    select.Bind(project, from);
  } else {
    select.Bind(project, filter.session_id, from);
  }
  InteractionPage page;
  size_t bytes = 0;
  int64_t last_seen = from;
  for (int64_t seen = 0; select.Next(); ++seen) {
    const bool full = static_cast<int64_t>(page.interactions.size()) == limit ||
                      bytes >= kMaxPageBytes || seen == kMaxRowsSeen;
    if (full) {
      page.next_after = last_seen;
      break;
    }
    last_seen = select.Int64(0);
    const PayloadPlace place = {static_cast<PayloadForm>(select.Int64(8)), select.Int64(9)};
    if (!IsShown(place.form)) continue;
    if (!FitsOne(filter.user_pseudonyms, select.View(2)) || !Fits(filter.agent, select.View(3)) ||
        !Fits(filter.model_version, select.View(4))) {
      continue;
    }
    const absl::Time start = select.Time(5);
    if (start < filter.start_time_from || start >= filter.start_time_before) continue;
    if (!filter.attribute_name.empty()) {
      ASSIGN_OR_RETURN(const bool has, HasAttribute(connection_, last_seen, filter.attribute_name,
                                                    filter.attribute_value));
      if (!has) continue;
    }
    if (filter.signal_kind != SignalKind::kUnknown) {
      ASSIGN_OR_RETURN(const bool has,
                       HasSignal(connection_, project, select.Text(1), filter.signal_kind));
      if (!has) continue;
    }
    page.interactions.push_back({last_seen, select.Time(6), select.Text(7), place});
    bytes += static_cast<size_t>(PayloadBytes(place.form, page.interactions.back().payload));
  }
  RETURN_IF_ERROR(select.status());
  return page;
}

}  // namespace flywheel::ingest
