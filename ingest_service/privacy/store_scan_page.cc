// One page of a scan: what changes in it, and the writes that change it.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "ingest_service/payloads/shared_payload.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/store_scanner.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/store_scan_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A page is one commit, which others wait for.
constexpr int64_t kPageRecords = 200;

// What one record adds to a scan's counts.
ScanCounts CountsOf(RecordKind kind, const FoundTypes& found) {
  ScanCounts counts;
  ++(kind == RecordKind::kInteraction ? counts.changed_interactions : counts.changed_signals);
  counts.found = found;
  return counts;
}

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

bool IsRecord(const FeedEntry& entry, int64_t last_sequence) {
  return entry.kind <= RecordKind::kSignal && entry.sequence <= last_sequence;
}

// The scan as the store has it, with more found.
absl::StatusOr<StoreScan> WithMore(sql::Connection& connection, const StoreScan& scan,
                                   const ScanCounts& counts) {
  ASSIGN_OR_RETURN(std::optional<StoreScan> stored,
                   StoreScanStore(connection).Find(scan.project, scan.scan_id));
  if (!stored) return errors::Internal("a scan that runs is not in the store");
  stored->counts.Add(counts);
  return *std::move(stored);
}

}  // namespace

absl::Status StoreScanner::ScanPage(const rpc::Actor& actor, StoreScan& scan) {
  // Nobody gives a record another form between our reading and our writing.
  const absl::MutexLock lock(&parts_.writer->payload_changes());
  ASSIGN_OR_RETURN(const FeedPage page,
                   parts_.feed->ReadPage(scan.project, scan.cursor, kPageRecords));
  ASSIGN_OR_RETURN(Findings findings, Recheck(scan, page));
  int64_t held = 0;
  if (scan.rewrite) {
    ASSIGN_OR_RETURN(held, TakeOutHeld(scan.project, findings));
    RETURN_IF_ERROR(RewriteArchived(scan, findings));
  }
  return Advance(actor, std::move(findings), held, scan);
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

absl::Status StoreScanner::AskRecogniser(const FeedPage& page, int64_t last_sequence,
                                         TextCheck& check) const {
  for (const FeedEntry& entry : page.entries) {
    if (!IsRecord(entry, last_sequence)) continue;
    RETURN_IF_ERROR(WithMessage(entry, [&](auto& message) {
      parts_.filter->CollectTexts(message, check);
      return absl::OkStatus();
    }));
  }
  RecogniserClient& client = parts_.filter->recogniser()->client();
  return check.Ask(client, absl::Now() + client.config().timeout);
}

absl::StatusOr<StoreScanner::Findings> StoreScanner::Recheck(const StoreScan& scan,
                                                             const FeedPage& page) const {
  TextCheck check;
  TextCheck* const asked = parts_.filter->recogniser() == nullptr ? nullptr : &check;
  if (asked != nullptr) {
    RETURN_IF_ERROR(AskRecogniser(page, scan.last_sequence, check));
  }
  Findings findings;
  findings.next_cursor = std::min(page.next_cursor, scan.last_sequence);
  for (const FeedEntry& entry : page.entries) {
    if (!IsRecord(entry, scan.last_sequence)) continue;
    ++findings.records;
    RETURN_IF_ERROR(WithMessage(entry, [&](auto& message) -> absl::Status {
      ASSIGN_OR_RETURN(InboundFilter::Recheck recheck,
                       parts_.filter->RecheckStored(message, asked));
      if (!recheck.changed) return absl::OkStatus();
      recheck.record.sequence = entry.sequence;
      findings.changes.push_back(
          {std::move(recheck.found), std::move(recheck.record), recheck.is_worth_sharing});
      return absl::OkStatus();
    }));
  }
  return findings;
}

absl::StatusOr<int64_t> StoreScanner::TakeOutHeld(const std::string& project, Findings& findings) {
  std::vector<bool> held;
  RETURN_IF_ERROR(parts_.database->Read([&](sql::Connection& connection) -> absl::Status {
    held.clear();
    for (const Finding& change : findings.changes) {
      ASSIGN_OR_RETURN(
          const bool is_held,
          RewriteStore(connection).IsHeld(project, change.record.kind, change.record.sequence));
      held.push_back(is_held);
    }
    return absl::OkStatus();
  }));
  std::vector<Finding> free;
  for (size_t i = 0; i < held.size(); ++i) {
    if (!held[i]) free.push_back(std::move(findings.changes[i]));
  }
  findings.changes = std::move(free);
  return std::count(held.begin(), held.end(), true);
}

absl::Status StoreScanner::RewriteArchived(const StoreScan& scan, Findings& findings) {
  // 1. Which of them an archive has. Files may hold copies of the others, too, that a crash left.
  std::vector<Archive::Change> payloads;
  std::vector<size_t> archived;
  RETURN_IF_ERROR(parts_.database->Read([&](sql::Connection& connection) -> absl::Status {
    payloads.clear();
    archived.clear();
    for (size_t i = 0; i < findings.changes.size(); ++i) {
      const RewrittenRecord& record = findings.changes[i].record;
      if (record.kind != RecordKind::kInteraction) continue;
      const absl::StatusOr<StoredPayload> row = PayloadStore(connection).Find(record.sequence);
      if (absl::IsNotFound(row.status())) continue;
      RETURN_IF_ERROR(row.status());
      payloads.push_back({record.sequence, record.payload});
      if (row->place.form == PayloadForm::kArchived) archived.push_back(i);
    }
    return absl::OkStatus();
  }));
  // 2. Each is told to the feed and counted in the commit that replaces it.
  RETURN_IF_ERROR(parts_.archive->RewritePayloads(
      scan.project, payloads, [&](sql::Connection& connection, int64_t sequence) -> absl::Status {
        const auto change = std::find_if(
            findings.changes.begin(), findings.changes.end(),
            [sequence](const Finding& each) { return each.record.sequence == sequence; });
        if (change == findings.changes.end()) return errors::Internal("an archive has too much");
        RETURN_IF_ERROR(RewriteStore(connection)
                            .FinishInteraction(scan.project, scan.scan_id, change->record,
                                               parts_.clock->Now()));
        ASSIGN_OR_RETURN(const StoreScan more,
                         WithMore(connection, scan, CountsOf(change->record.kind, change->found)));
        return StoreScanStore(connection).Update(more);
      }));
  // 3. They are done.
  for (auto i = archived.rbegin(); i != archived.rend(); ++i) {
    findings.changes.erase(findings.changes.begin() + static_cast<std::ptrdiff_t>(*i));
  }
  return absl::OkStatus();
}

absl::Status StoreScanner::RewriteRecord(sql::Connection& connection, const StoreScan& scan,
                                         const RewrittenRecord& record, absl::Time now) {
  if (record.kind == RecordKind::kSignal) {
    return RewriteStore(connection).RewriteSignal(scan.project, scan.scan_id, record, now);
  }
  ASSIGN_OR_RETURN(
      const bool done,
      RewriteStore(connection).RewriteInteraction(scan.project, scan.scan_id, record, now));
  if (done) return absl::OkStatus();
  return errors::Internal("a record went into an archive while it was rewritten");
}

absl::Status StoreScanner::Advance(const rpc::Actor& actor, Findings findings, int64_t held,
                                   StoreScan& scan) {
  ScanCounts counts{findings.records, 0, 0, held, {}};
  for (Finding& change : findings.changes) {
    counts.Add(CountsOf(change.record.kind, change.found));
    if (!scan.rewrite || !change.is_worth_sharing) continue;
    change.record.shared_messages = TakeMessages(scan.project, change.record.payload);
  }
  StoreScan next;
  int64_t last_sequence = 0;
  RETURN_IF_ERROR(parts_.writer->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    const absl::Time now = parts_.clock->Now();
    ASSIGN_OR_RETURN(next, WithMore(connection, scan, counts));
    next.cursor = findings.next_cursor;
    next.complete = next.cursor >= next.last_sequence;
    RETURN_IF_ERROR(StoreScanStore(connection).Update(next));
    if (!next.rewrite) return absl::OkStatus();
    for (const Finding& change : findings.changes) {
      RETURN_IF_ERROR(RewriteRecord(connection, scan, change.record, now));
    }
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
  if (!scan.has_receipt()) return absl::OkStatus();
  return RewriteStore(connection).AddReceipt(scan, now).status();
}

}  // namespace flywheel::ingest
