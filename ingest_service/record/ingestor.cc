#include "ingest_service/record/ingestor.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/signal_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

void Count(const InteractionRecord& record, Added& added) {
  ++added.interactions;
  added.tool_calls += record.tool_calls;
}

void Count(const SignalRecord&, Added& added) { ++added.signals; }

}  // namespace

// Where the feed ends inside a write, and what the write has added.
struct Ingestor::Head {
  int64_t sequence = 0;
  absl::Time commit_time;
  Added added;
};

template <typename Record, typename Insert>
absl::Status Ingestor::AddAll(sql::Connection& connection, const std::string& project,
                              const std::vector<Record>& records, Insert insert, Head& head,
                              BatchResult& result) const {
  result.verdicts.reserve(result.verdicts.size() + records.size());
  for (const Record& record : records) {
    ASSIGN_OR_RETURN(
        std::optional<ItemVerdict> refused,
        write_guard_->Check(connection, project, record, head.commit_time, head.sequence));
    if (refused) {
      result.verdicts.push_back(*std::move(refused));
      continue;
    }
    ASSIGN_OR_RETURN(ItemVerdict verdict,
                     insert(connection, project, record, head.sequence + 1, head.commit_time));
    if (verdict.outcome == ItemOutcome::kStored) {
      ++head.sequence;
      Count(record, head.added);
    }
    result.commit_sequence = std::max(result.commit_sequence, verdict.sequence);
    result.verdicts.push_back(std::move(verdict));
  }
  return absl::OkStatus();
}

template <typename Append>
void Ingestor::Write(std::string project, int64_t size_bytes, Append append, Done done) {
  auto result = std::make_shared<absl::StatusOr<BatchResult>>(BatchResult{});
  database_->WriteAsync(
      size_bytes,
      [this, result, project = std::move(project),
       append = std::move(append)](sql::Connection& connection) -> absl::Status {
        *result = BatchResult{};  // Of an attempt before.
        Head head;
        ASSIGN_OR_RETURN(head.sequence, LastSequence(connection));
        head.commit_time = clock_->Now();
        const int64_t before = head.sequence;
        absl::Status appended = append(connection, project, head, **result);
        if (errors::ReasonOf(appended) == Reason::kWrongState) {
          // Given up before anything was changed, which is no matter of the commit.
          *result = std::move(appended);
          return absl::OkStatus();
        }
        RETURN_IF_ERROR(appended);
        if (head.sequence == before) return absl::OkStatus();
        RETURN_IF_ERROR(SetLastSequence(connection, head.sequence));
        return AddToTotals(connection, project, head.added);
      },
      [this, result, done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
        if (result->ok()) feed_->NotifyCommit((*result)->commit_sequence);
        done(std::move(*result));
      },
      sql::Database::OnError::kUndoCommit);
}

void Ingestor::LogInteractions(std::string project, std::vector<InteractionRecord> records,
                               int64_t size_bytes, Done done) {
  auto append = [this, records = std::move(records)](sql::Connection& connection,
                                                     const std::string& of_project, Head& head,
                                                     BatchResult& result) {
    return AddAll(connection, of_project, records, InsertInteraction, head, result);
  };
  Write(std::move(project), size_bytes, std::move(append), std::move(done));
}

void Ingestor::RecordSignals(std::string project, std::vector<SignalRecord> records,
                             int64_t size_bytes, Done done) {
  auto append = [this, records = std::move(records)](sql::Connection& connection,
                                                     const std::string& of_project, Head& head,
                                                     BatchResult& result) {
    return AddAll(connection, of_project, records, InsertSignal, head, result);
  };
  Write(std::move(project), size_bytes, std::move(append), std::move(done));
}

void Ingestor::LogTrace(std::string project, std::optional<InteractionRecord> interaction,
                        std::vector<SignalRecord> signals, int64_t size_bytes, Done done,
                        First first) {
  std::vector<InteractionRecord> interactions;
  if (interaction) interactions.push_back(*std::move(interaction));
  auto append = [this, interactions = std::move(interactions), signals = std::move(signals),
                 first = std::move(first)](sql::Connection& connection,
                                           const std::string& of_project, Head& head,
                                           BatchResult& result) -> absl::Status {
    RETURN_IF_ERROR(first(connection));
    RETURN_IF_ERROR(AddAll(connection, of_project, interactions, InsertInteraction, head, result));
    const bool refused =
        !interactions.empty() && result.verdicts.front().outcome == ItemOutcome::kRejected;
    if (!refused) return AddAll(connection, of_project, signals, InsertSignal, head, result);
    for (const SignalRecord& signal : signals) {
      ItemVerdict verdict = result.verdicts.front();
      verdict.id = signal.signal_id;
      result.verdicts.push_back(std::move(verdict));
    }
    return absl::OkStatus();
  };
  Write(std::move(project), size_bytes, std::move(append), std::move(done));
}

}  // namespace flywheel::ingest
