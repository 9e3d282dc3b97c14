#include "eval_gate_service/release_log.h"

#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/content_inspection.h"
#include "eval_gate_service/store/release_content_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of one transaction.
constexpr int64_t kEntriesPerPiece = 1'000;

// Entries in their order, each with the hash of what is stored of its thing.
struct Piece {
  std::vector<std::pair<ReleaseLogEntry, std::optional<std::string>>> entries;
  bool is_last = false;
  // Of the last piece.
  std::optional<ReleaseThing> without_entry;
};

absl::StatusOr<Piece> ReadPiece(sql::Connection& connection, const std::string& project,
                                int64_t after) {
  Piece piece;
  ReleaseContentStore contents(connection);
  ASSIGN_OR_RETURN(std::vector<ReleaseLogEntry> entries,
                   ReleaseLogStore(connection).After(project, after, kEntriesPerPiece));
  piece.is_last = static_cast<int64_t>(entries.size()) < kEntriesPerPiece;
  for (ReleaseLogEntry& entry : entries) {
    ASSIGN_OR_RETURN(std::optional<std::string> content, contents.Hash(project, entry.thing));
    piece.entries.emplace_back(std::move(entry), std::move(content));
  }
  if (!piece.is_last) return piece;
  // In the snapshot of the last entries: what is added later has one too.
  ASSIGN_OR_RETURN(piece.without_entry, contents.WithoutEntry(project));
  return piece;
}

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
    absl::FunctionRef<absl::Status(const LogProgress&)> progress) {
  ReleaseChain chain(project, expected_head);
  LogProgress looked_at;
  while (true) {
    ASSIGN_OR_RETURN(const Piece piece, database_->Read([&](sql::Connection& connection) {
      return ReadPiece(connection, project, chain.state().whole_entries);
    }));
    for (const auto& [entry, content] : piece.entries) {
      if (!chain.Take(entry, content)) return chain.Finish(std::nullopt);
      RETURN_IF_ERROR(Inspect(project, entry, chain, looked_at, progress));
      if (chain.state().first_break) return chain.Finish(std::nullopt);
    }
    if (piece.is_last) return chain.Finish(piece.without_entry);
    looked_at.entries = chain.state().whole_entries;
    RETURN_IF_ERROR(progress(looked_at));
  }
}

absl::Status ReleaseLog::Inspect(const std::string& project, const ReleaseLogEntry& entry,
                                 ReleaseChain& chain, LogProgress& looked_at,
                                 absl::FunctionRef<absl::Status(const LogProgress&)> progress) {
  const bool is_suite = entry.thing.kind == ReleaseKind::kSuite;
  if (!is_suite && entry.thing.kind != ReleaseKind::kRun) return absl::OkStatus();
  ContentInspection inspection(project, entry.thing, entry.of_before);
  const int64_t items_before = looked_at.items;
  looked_at.entries = chain.state().whole_entries;
  for (bool done = false; !done;) {
    ASSIGN_OR_RETURN(done, database_->Read([&](sql::Connection& connection) {
      return inspection.Step(connection);
    }));
    looked_at.items = items_before + inspection.counts().checked;
    RETURN_IF_ERROR(progress(looked_at));
  }
  if (inspection.fault()) {
    chain.Refute(entry, inspection.fault()->kind, inspection.fault()->message);
  } else if (is_suite) {
    chain.CountCases(inspection.counts());
  } else {
    chain.CountOutputs(inspection.counts());
  }
  return absl::OkStatus();
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
