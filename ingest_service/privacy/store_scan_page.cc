// One page of a scan: what changes in it, and the writes that change it.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "ingest_service/payloads/shared_payload.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/store_scanner.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/store_scan_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A page is one commit, which others wait for.
constexpr int64_t kPageRecords = 200;
// Beside these; each is two small rows.
constexpr int64_t kPageThinned = 1'000;

// For the audit log: types and numbers, no values.
std::string InWords(const ScanCounts& counts) {
  std::string words =
      fmt::format("changed {} interactions and {} signals, {} held:", counts.changed_interactions,
                  counts.changed_signals, counts.held_records);
  for (const auto& [type, values] : counts.found) {
    fmt::format_to(std::back_inserter(words), " {} {}", type, values);
  }
  return words;
}

}  // namespace

ScanCounts StoreScanner::CountsOf(const Finding& change) {
  ScanCounts counts;
  ++(change.record.kind == RecordKind::kInteraction ? counts.changed_interactions
                                                    : counts.changed_signals);
  counts.found = change.found;
  return counts;
}

absl::StatusOr<StoreScan> StoreScanner::WithMore(sql::Connection& connection, const StoreScan& scan,
                                                 const ScanCounts& counts) {
  ASSIGN_OR_RETURN(std::optional<StoreScan> stored,
                   StoreScanStore(connection).Find(scan.project, scan.scan_id));
  if (!stored) return errors::Internal("a scan that runs is not in the store");
  stored->counts.Add(counts);
  return *std::move(stored);
}

absl::Status StoreScanner::ScanPage(const rpc::Actor& actor, StoreScan& scan) {
  // Nobody gives a record another form between our reading and our writing.
  const absl::MutexLock lock(&parts_.writer->payload_changes());
  ASSIGN_OR_RETURN(FeedPage page, parts_.feed->ReadPage(scan.project, scan.cursor, kPageRecords));
  Findings findings;
  findings.next_cursor = std::min(page.next_cursor, scan.last_sequence);
  if (scan.rewrite) {
    ASSIGN_OR_RETURN(findings.thinned, parts_.database->Read([&](sql::Connection& connection) {
      return RewriteStore(connection)
          .Thinned(scan.project, scan.cursor, findings.next_cursor, kPageThinned);
    }));
    // The others are of the next page, and so is what stands behind them.
    const bool more = static_cast<int64_t>(findings.thinned.size()) == kPageThinned;
    if (more) findings.next_cursor = findings.thinned.back();
  }
  std::erase_if(page.entries, [&](const FeedEntry& entry) {
    return entry.kind > RecordKind::kSignal || entry.sequence > findings.next_cursor;
  });
  findings.records = static_cast<int64_t>(page.entries.size());
  ASSIGN_OR_RETURN(findings.changes, Recheck(page.entries));
  if (scan.rewrite) {
    // What is held already costs no archive file.
    ASSIGN_OR_RETURN(findings.held, TakeOutHeld(scan.project, findings.changes));
    RETURN_IF_ERROR(RewriteArchived(scan, findings));
  }
  return Advance(actor, std::move(findings), scan);
}

template <typename Use>
absl::Status StoreScanner::WithMessage(const FeedEntry& entry, Use use) const {
  if (entry.kind == RecordKind::kInteraction) {
    v1::Interaction interaction;
    RETURN_IF_ERROR(ParseInteraction(entry.payload, interaction));
    return use(interaction);
  }
  v1::Signal signal;
  RETURN_IF_ERROR(parts_.parse_signal(entry.payload, &signal));
  return use(signal);
}

absl::Status StoreScanner::AskRecogniser(const std::vector<FeedEntry>& records,
                                         TextCheck& check) const {
  for (const FeedEntry& entry : records) {
    RETURN_IF_ERROR(WithMessage(entry, [&](auto& message) {
      parts_.filter->CollectTexts(message, check);
      return absl::OkStatus();
    }));
  }
  return check.AskAtLeisure(parts_.filter->recogniser()->client());
}

absl::StatusOr<std::vector<StoreScanner::Finding>> StoreScanner::Recheck(
    const std::vector<FeedEntry>& records) const {
  TextCheck check;
  TextCheck* const asked = parts_.filter->recogniser() == nullptr ? nullptr : &check;
  if (asked != nullptr) {
    RETURN_IF_ERROR(AskRecogniser(records, check));
  }
  std::vector<Finding> changes;
  for (const FeedEntry& entry : records) {
    RETURN_IF_ERROR(WithMessage(entry, [&](auto& message) -> absl::Status {
      ASSIGN_OR_RETURN(InboundFilter::Recheck recheck,
                       parts_.filter->RecheckStored(message, asked));
      if (!recheck.changed) return absl::OkStatus();
      recheck.record.sequence = entry.sequence;
      changes.push_back(
          {std::move(recheck.found), std::move(recheck.record), recheck.is_worth_sharing});
      return absl::OkStatus();
    }));
  }
  return changes;
}

absl::StatusOr<int64_t> StoreScanner::TakeOutHeld(const std::string& project,
                                                  std::vector<Finding>& changes) {
  std::vector<bool> held;
  RETURN_IF_ERROR(parts_.database->Read([&](sql::Connection& connection) -> absl::Status {
    held.clear();
    for (const Finding& change : changes) {
      ASSIGN_OR_RETURN(
          const bool is_held,
          RewriteStore(connection).IsHeld(project, change.record.kind, change.record.sequence));
      held.push_back(is_held);
    }
    return absl::OkStatus();
  }));
  std::vector<Finding> free;
  for (size_t i = 0; i < held.size(); ++i) {
    if (!held[i]) free.push_back(std::move(changes[i]));
  }
  changes = std::move(free);
  return std::count(held.begin(), held.end(), true);
}

absl::Status StoreScanner::ReplaceOne(sql::Connection& connection, const StoreScan& scan,
                                      const Finding& change, absl::Time now, ScanCounts& counts) {
  RewriteStore store(connection);
  const RewrittenRecord& record = change.record;
  // Somebody may be held since the page was read, and what is overwritten is gone.
  ASSIGN_OR_RETURN(const bool held, store.IsHeld(scan.project, record.kind, record.sequence));
  if (held) {
    ++counts.held_records;
    return absl::OkStatus();
  }
  counts.Add(CountsOf(change));
  if (record.kind == RecordKind::kSignal) {
    return store.RewriteSignal(scan.project, scan.scan_id, record, now);
  }
  ASSIGN_OR_RETURN(const bool done,
                   store.RewriteInteraction(scan.project, scan.scan_id, record, now));
  if (done) return absl::OkStatus();
  return errors::Internal("a record went into an archive while it was rewritten");
}

absl::Status StoreScanner::TellOfThinned(sql::Connection& connection, const StoreScan& scan,
                                         int64_t sequence, absl::Time now, ScanCounts& counts) {
  RewriteStore store(connection);
  ASSIGN_OR_RETURN(const bool held, store.IsHeld(scan.project, RecordKind::kInteraction, sequence));
  if (!held) return store.TellOfThinned(scan.project, scan.scan_id, sequence, now);
  ++counts.held_records;
  return absl::OkStatus();
}

absl::Status StoreScanner::Advance(const rpc::Actor& actor, Findings findings, StoreScan& scan) {
  const bool last = findings.next_cursor >= scan.last_sequence;
  // Old archive files that a crash or an error has left hold the texts of before: no receipt says
  // that the store is clean while they are there.
  if (scan.rewrite && last) RETURN_IF_ERROR(parts_.archive->RemoveAllLeftovers());
  for (Finding& change : findings.changes) {
    if (!scan.rewrite || !change.is_worth_sharing) continue;
    change.record.shared_messages = TakeMessages(scan.project, change.record.payload);
  }
  StoreScan next;
  int64_t last_sequence = 0;
  RETURN_IF_ERROR(parts_.writer->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    const absl::Time now = parts_.clock->Now();
    ScanCounts counts{findings.records, 0, 0, findings.held, {}};
    for (const Finding& change : findings.changes) {
      if (scan.rewrite) {
        RETURN_IF_ERROR(ReplaceOne(connection, scan, change, now, counts));
      } else {
        counts.Add(CountsOf(change));
      }
    }
    for (const int64_t sequence : findings.thinned) {
      RETURN_IF_ERROR(TellOfThinned(connection, scan, sequence, now, counts));
    }
    ASSIGN_OR_RETURN(next, WithMore(connection, scan, counts));
    next.cursor = findings.next_cursor;
    next.complete = last;
    RETURN_IF_ERROR(StoreScanStore(connection).Update(next));
    if (!next.rewrite) return absl::OkStatus();
    if (next.complete) RETURN_IF_ERROR(Conclude(connection, actor, next, now));
    ASSIGN_OR_RETURN(last_sequence, FeedStore(connection).LastSequence());
    return absl::OkStatus();
  }));
  scan = std::move(next);
  if (last_sequence > 0) parts_.feed->NotifyCommit(last_sequence);
  return absl::OkStatus();
}

absl::Status StoreScanner::Conclude(sql::Connection& connection, const rpc::Actor& actor,
                                    const StoreScan& scan, absl::Time now) {
  RETURN_IF_ERROR(
      audit::Record(connection, actor, {"store scan", scan.scan_id, InWords(scan.counts)}, now));
  RewriteStore store(connection);
  // Where readers were told of something they have something to report.
  ASSIGN_OR_RETURN(const bool told, store.HasTold(scan));
  return told ? store.AddReceipt(scan, now).status() : absl::OkStatus();
}

}  // namespace flywheel::ingest
