// One bounded write of an erasure.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASURE_PIECE_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASURE_PIECE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/record/write_guard.h"
#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/subject_records.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The first piece closes an erased session and refuses an erased interaction, erases the traces
// that wait, and settles up to where the feed is erased. Each further one erases up to kMaxRows
// rows inside the caller's write: interactions in the order of the feed, each after the signals
// about it and, where a person is erased, the last one of a session that is nobody else's after the
// signals about the session; then the other signals of the subject, all revisions of each: those
// that the person gave, or about the session, or about an interaction that never came. What is left
// is found the same way by the next piece, so that nothing but the store needs to remember how far
// it came.
//
// For the writer's thread.
class ErasurePiece {
 public:
  static constexpr int64_t kMaxRows = 1'000;

  // The sequences of the interactions that the next piece may erase, rising.
  static absl::StatusOr<std::vector<int64_t>> NextInteractions(sql::Connection& connection,
                                                               const StoredErasure& erasure);

  // Both pointers outlive this object.
  ErasurePiece(sql::Connection* connection, const WriteGuard* write_guard)
      : connection_(*connection), write_guard_(*write_guard) {}

  // Erases, counts in `erasure`, and puts a tombstone into the feed. Where nothing was left, the
  // tombstone is the last one, and the erasure forgets what it was about. STORAGE_UNAVAILABLE where
  // it meets nothing but an interaction whose payload is in an archive: it has to leave that first.
  absl::Status Run(StoredErasure& erasure, absl::Time now);

 private:
  int64_t RowsLeft() const { return kMaxRows - static_cast<int64_t>(sequences_.size()); }

  absl::Status Begin(StoredErasure& erasure);
  absl::Status EraseInteractions(const StoredErasure& erasure, const std::string& name);
  absl::Status EraseInteraction(const StoredErasure& erasure,
                                const SubjectInteraction& interaction);
  absl::Status EraseSessionSignals(const StoredErasure& erasure,
                                   const SubjectInteraction& interaction);
  absl::Status EraseOtherSignals(const StoredErasure& erasure, const std::string& name);
  // Each with all its revisions, as far as there is room.
  absl::Status EraseSignals(const std::string& project, const std::vector<SubjectSignal>& signals);
  absl::Status EraseSignals(const std::string& project,
                            const absl::StatusOr<std::vector<SubjectSignal>>& signals) {
    return signals.ok() ? EraseSignals(project, *signals) : signals.status();
  }
  absl::Status Remember(std::string_view kind, const std::string& project, const std::string& id);
  absl::Status Conclude(StoredErasure& erasure, absl::Time now);

  sql::Connection& connection_;
  const WriteGuard& write_guard_;

  // An interaction could not leave yet, because its payload is in an archive.
  bool blocked_ = false;
  // What left.
  std::vector<int64_t> sequences_;
  int64_t interactions_ = 0;
  // Those that project_totals counted.
  int64_t counted_interactions_ = 0;
  int64_t tool_calls_ = 0;
  int64_t waiting_spans_ = 0;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_ERASURE_PIECE_H_
