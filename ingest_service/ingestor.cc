#include "ingest_service/ingestor.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/signal_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

void Count(const InteractionRecord& record, Added& added) {
  ++added.interactions;
  added.tool_calls += record.tool_calls;
}

void Count(const SignalRecord&, Added& added) { ++added.signals; }

}  // namespace

template <typename Record, typename Insert>
void Ingestor::Write(std::string project, std::vector<Record> records, int64_t size_bytes,
                     Insert insert, Done done, Also also) {
  auto result = std::make_shared<BatchResult>();
  database_->WriteAsync(
      size_bytes,
      [this, result, insert, project = std::move(project), records = std::move(records),
       also = std::move(also)](sql::Connection& connection) -> absl::Status {
        if (also != nullptr) RETURN_IF_ERROR(also(connection));
        ASSIGN_OR_RETURN(int64_t sequence, LastSequence(connection));
        const absl::Time commit_time = clock_->Now();
        result->verdicts.reserve(records.size());
        Added added;
        const int64_t before = sequence;
        for (const Record& record : records) {
          ASSIGN_OR_RETURN(std::optional<ItemVerdict> refused,
                           admission_->Check(connection, project, record, commit_time, sequence));
          if (refused) {
            result->verdicts.push_back(*std::move(refused));
            continue;
          }
          ASSIGN_OR_RETURN(ItemVerdict verdict,
                           insert(connection, project, record, sequence + 1, commit_time));
          if (verdict.outcome == ItemOutcome::kStored) {
            ++sequence;
            Count(record, added);
          }
          result->commit_sequence = std::max(result->commit_sequence, verdict.sequence);
          result->verdicts.push_back(std::move(verdict));
        }
        if (sequence == before) return absl::OkStatus();
        RETURN_IF_ERROR(SetLastSequence(connection, sequence));
        return AddToTotals(connection, project, added);
      },
      [this, result, done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
        feed_->NotifyCommit(result->commit_sequence);
        done(std::move(*result));
      });
}

void Ingestor::LogInteractions(std::string project, std::vector<InteractionRecord> records,
                               int64_t size_bytes, Done done, Also also) {
  Write(std::move(project), std::move(records), size_bytes, InsertInteraction, std::move(done),
        std::move(also));
}

void Ingestor::RecordSignals(std::string project, std::vector<SignalRecord> records,
                             int64_t size_bytes, Done done) {
  Write(std::move(project), std::move(records), size_bytes, InsertSignal, std::move(done),
        /*also=*/nullptr);
}

}  // namespace flywheel::ingest
