#include "ingest_service/record/ingestor.h"

#include <memory>
#include <utility>

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/signal_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

// Where the feed ends inside a write, and what the write has added.
struct Ingestor::FeedHead {
  // Before the write.
  int64_t first = 0;
  int64_t sequence = 0;
  absl::Time commit_time;
  Added added;
};

void Ingestor::LogInteractions(std::string project, std::vector<InteractionRecord> records,
                               int64_t size_bytes, Done done) {
  auto result = std::make_shared<BatchResult>();
  database_->WriteAsync(
      size_bytes,
      [this, result, project = std::move(project),
       records = std::move(records)](sql::Connection& connection) -> absl::Status {
        *result = BatchResult{};  // Of an attempt before.
        ASSIGN_OR_RETURN(FeedHead head, ReadHead(connection));
        RETURN_IF_ERROR(AppendInteractions(connection, project, records, head, *result));
        return StoreHead(connection, project, head);
      },
      [this, result, done = std::move(done)](const absl::Status& committed) {
        Acknowledge(committed, std::move(*result), done);
      },
      sql::Database::OnError::kUndoCommit);
}

void Ingestor::RecordSignals(std::string project, std::vector<SignalRecord> records,
                             int64_t size_bytes, Done done) {
  auto result = std::make_shared<BatchResult>();
  database_->WriteAsync(
      size_bytes,
      [this, result, project = std::move(project),
       records = std::move(records)](sql::Connection& connection) -> absl::Status {
        *result = BatchResult{};  // Of an attempt before.
        ASSIGN_OR_RETURN(FeedHead head, ReadHead(connection));
        RETURN_IF_ERROR(AppendSignals(connection, project, records, head, *result));
        return StoreHead(connection, project, head);
      },
      [this, result, done = std::move(done)](const absl::Status& committed) {
        Acknowledge(committed, std::move(*result), done);
      },
      sql::Database::OnError::kUndoCommit);
}

void Ingestor::LogTrace(std::string project, std::vector<InteractionRecord> interactions,
                        std::vector<SignalRecord> signals, int64_t size_bytes, Done done,
                        Precondition precondition) {
  struct Attempt {
    absl::Status precondition;
    BatchResult result;
  };
  auto attempt = std::make_shared<Attempt>();
  database_->WriteAsync(
      size_bytes,
      [this, attempt, project = std::move(project), interactions = std::move(interactions),
       signals = std::move(signals),
       precondition = std::move(precondition)](sql::Connection& connection) -> absl::Status {
        *attempt = Attempt{};
        attempt->precondition = precondition(connection);
        // Given up before anything was changed, which is no matter of the commit.
        const bool given_up = errors::ReasonOf(attempt->precondition) == Reason::kChangedMeanwhile;
        if (given_up) return absl::OkStatus();
        RETURN_IF_ERROR(attempt->precondition);
        BatchResult& result = attempt->result;
        ASSIGN_OR_RETURN(FeedHead head, ReadHead(connection));
        RETURN_IF_ERROR(AppendInteractions(connection, project, interactions, head, result));
        const auto refused = std::find_if(
            result.results.begin(), result.results.end(),
            [](const ItemResult& item) { return item.status == ItemStatus::kRejected; });
        if (refused == result.results.end()) {
          RETURN_IF_ERROR(AppendSignals(connection, project, signals, head, result));
          return StoreHead(connection, project, head);
        }
        // Nothing is kept of what was said about an interaction that is refused.
        const ItemResult refusal = *refused;
        for (const SignalRecord& signal : signals) {
          ItemResult item = refusal;
          item.id = signal.signal_id;
          result.Add(std::move(item));
        }
        return StoreHead(connection, project, head);
      },
      [this, attempt, done = std::move(done)](const absl::Status& committed) {
        if (committed.ok() && !attempt->precondition.ok()) return done(attempt->precondition);
        Acknowledge(committed, std::move(attempt->result), done);
      },
      sql::Database::OnError::kUndoCommit);
}

absl::StatusOr<Ingestor::FeedHead> Ingestor::ReadHead(sql::Connection& connection) const {
  FeedHead head;
  ASSIGN_OR_RETURN(head.first, FeedStore(connection).LastSequence());
  head.sequence = head.first;
  head.commit_time = clock_->Now();
  return head;
}

absl::Status Ingestor::StoreHead(sql::Connection& connection, const std::string& project,
                                 const FeedHead& head) {
  if (head.sequence == head.first) return absl::OkStatus();
  RETURN_IF_ERROR(FeedStore(connection).SetLastSequence(head.sequence));
  return FeedStore(connection).AddToTotals(project, head.added);
}

absl::Status Ingestor::AppendInteractions(sql::Connection& connection, const std::string& project,
                                          const std::vector<InteractionRecord>& records,
                                          FeedHead& head, BatchResult& result) const {
  result.results.reserve(result.results.size() + records.size());
  for (const InteractionRecord& record : records) {
    // Consent and erasure first: the guard may itself add to the feed what it must know.
    ASSIGN_OR_RETURN(
        std::optional<ItemResult> item,
        write_guard_->Check(connection, project, record, head.commit_time, head.sequence));
    if (!item) {
      ASSIGN_OR_RETURN(item, InteractionStore(connection)
                                 .Insert(project, record, head.sequence + 1, head.commit_time));
    }
    if (item->status == ItemStatus::kStored) {
      ++head.sequence;
      ++head.added.interactions;
      head.added.tool_calls += record.tool_calls;
    }
    result.Add(*std::move(item));
  }
  return absl::OkStatus();
}

absl::Status Ingestor::AppendSignals(sql::Connection& connection, const std::string& project,
                                     const std::vector<SignalRecord>& records, FeedHead& head,
                                     BatchResult& result) const {
  result.results.reserve(result.results.size() + records.size());
  for (const SignalRecord& record : records) {
    ASSIGN_OR_RETURN(
        std::optional<ItemResult> item,
        write_guard_->Check(connection, project, record, head.commit_time, head.sequence));
    if (!item) {
      ASSIGN_OR_RETURN(
          item,
          SignalStore(connection).Insert(project, record, head.sequence + 1, head.commit_time));
    }
    if (item->status == ItemStatus::kStored) {
      ++head.sequence;
      ++head.added.signals;
    }
    result.Add(*std::move(item));
  }
  return absl::OkStatus();
}

void Ingestor::Acknowledge(const absl::Status& committed, BatchResult result,
                           const Done& done) const {
  if (!committed.ok()) return done(committed);
  feed_->NotifyCommit(result.commit_sequence);
  done(std::move(result));
}

}  // namespace flywheel::ingest
