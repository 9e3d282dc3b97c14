#include "eval_gate_service/release_log.h"

#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/store/release_content_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of one transaction.
constexpr int64_t kEntriesPerPiece = 1'000;

}  // namespace

absl::Status ReleaseLog::FillIn() {
  int64_t filled_in = kEntriesPerPiece;
  while (filled_in == kEntriesPerPiece) {
    ASSIGN_OR_RETURN(filled_in, database_->Write([&](sql::Connection& connection) {
      return ReleaseLogStore(connection).FillIn(clock_->Now(), kEntriesPerPiece);
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<ReleaseLogState> ReleaseLog::Verify(
    const std::string& project, const std::string& expected_head,
    absl::FunctionRef<absl::Status(int64_t)> progress) {
  ReleaseChain chain(project, expected_head);
  while (true) {
    std::optional<ReleaseLogState> finished;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ReleaseContentStore contents(connection);
      ASSIGN_OR_RETURN(const std::vector<ReleaseLogEntry> entries,
                       ReleaseLogStore(connection)
                           .After(project, chain.state().whole_entries, kEntriesPerPiece));
      for (const ReleaseLogEntry& entry : entries) {
        ASSIGN_OR_RETURN(const std::optional<std::string> content,
                         contents.Hash(project, entry.thing));
        if (chain.Take(entry, content)) continue;
        finished = chain.Finish(std::nullopt);
        return absl::OkStatus();
      }
      if (static_cast<int64_t>(entries.size()) == kEntriesPerPiece) return absl::OkStatus();
      // In the snapshot of the last entries: what is added later has one too.
      ASSIGN_OR_RETURN(const std::optional<ReleaseThing> without_entry,
                       contents.WithoutEntry(project));
      finished = chain.Finish(without_entry);
      return absl::OkStatus();
    }));
    if (finished) return *std::move(finished);
    RETURN_IF_ERROR(progress(chain.state().whole_entries));
  }
}

absl::StatusOr<ListPage<ReleaseLogEntry>> ReleaseLog::List(const std::string& project,
                                                           const ReleaseLogFilter& filter,
                                                           int64_t beyond, int64_t page_size) {
  ASSIGN_OR_RETURN(ListPage<StoredLogEntry> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<StoredLogEntry>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return ReleaseLogStore(connection)
              .List(project, {filter.list.agent, filter.list.oldest_first, from}, limit);
        },
        [&](const StoredLogEntry& one) { return filter.Matches(one.entry); });
  }));
  return ValuesOf(std::move(page), &StoredLogEntry::entry);
}

}  // namespace flywheel::evalgate
