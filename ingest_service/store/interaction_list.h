// The SQL of lists of interactions.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_LIST_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/store/interaction_store.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Which interactions a list shows; an empty field does not filter.
struct InteractionFilter {
  std::string agent;
  std::string session_id;
  std::string model_version;
  // Any of them.
  std::vector<std::string> user_pseudonyms;
  // From the first time up to, but not including, the second.
  absl::Time start_time_from = absl::InfinitePast();
  absl::Time start_time_before = absl::InfiniteFuture();
  std::string attribute_name;
  std::string attribute_value;
  SignalKind signal_kind = SignalKind::kUnknown;
  // By sequence; else the newest first.
  bool oldest_first = false;
};

// One page of a list.
struct InteractionPage {
  std::vector<StoredInteraction> interactions;
  // The sequence to go on from, which the page has seen; 0 on the last page.
  int64_t next_after = 0;
};

// The SQL of lists of interactions. In the caller's transaction.
class InteractionList {
 public:
  explicit InteractionList(sql::Connection& connection) : connection_(connection) {}

  // Up to `limit` behind the sequence `after` in the filter's order, 0 for the first page; fewer
  // where they hold more than kMaxPageBytes, or where 20,000 rows were looked at.
  absl::StatusOr<InteractionPage> Read(const std::string& project, const InteractionFilter& filter,
                                       int64_t after, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_LIST_H_
