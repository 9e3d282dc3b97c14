// Write guard: refuses records without consent and resends of erased ones, inside the write.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_WRITE_GUARD_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_WRITE_GUARD_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/store/consent_store.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Asked for every record before it is stored, inside the write that stores it: so no record slips
// in between a refusal or an erasure and its effect. Knows by heart who refused what, and whether
// anything was ever erased; where there is nothing of either, a question costs two comparisons.
//
// Belongs to the writer's thread, but for Invalidate.
class WriteGuard {
 public:
  // `pseudonymiser` outlives this object.
  explicit WriteGuard(const Pseudonymiser* pseudonymiser) : pseudonymiser_(*pseudonymiser) {}

  // Why the record is refused: NO_CONSENT where its person does not want to be recorded and it is
  // not stored already, ERASED where it was erased, or is about something that was. Nothing where
  // it may come in. A person who is known by a newer pseudonym from now on keeps what was said
  // under an older one; what the feed must know of that takes the sequences after `sequence`.
  absl::StatusOr<std::optional<ItemResult>> Check(sql::Connection& connection,
                                                  const std::string& project,
                                                  const InteractionRecord& record, absl::Time now,
                                                  int64_t& sequence) {
    if (IsQuiet()) return std::nullopt;
    return CheckClosely(connection, project, record, now, sequence);
  }
  absl::StatusOr<std::optional<ItemResult>> Check(sql::Connection& connection,
                                                  const std::string& project,
                                                  const SignalRecord& record, absl::Time now,
                                                  int64_t& sequence) {
    if (IsQuiet()) return std::nullopt;
    return CheckClosely(connection, project, record, now, sequence);
  }

  // What a write has just stored. Its `done` calls Invalidate where the commit failed.
  void Set(const std::string& project, const std::string& pseudonym, Restriction restriction,
           bool in_force);
  void NoteErased() { erased_ = true; }

  // What is known by heart may not be what is stored: it is read anew. For any thread.
  void Invalidate() { valid_.store(false, std::memory_order_release); }

  // The keyed hashes, one for each key, by which something erased is known. `kind` is "interaction"
  // or "signal"; "session" of one that left with its person, and goes on if the person does;
  // "closed-session" of one that was erased itself; "person".
  std::vector<std::string> RecordMacs(std::string_view kind, const std::string& project,
                                      const std::string& id) const;

 private:
  // By pseudonym: the sum of the restrictions that are in force.
  using People = absl::flat_hash_map<std::string, int>;

  bool IsQuiet() const {
    return valid_.load(std::memory_order_acquire) && !erased_ && people_.empty();
  }
  template <typename Record>
  absl::StatusOr<std::optional<ItemResult>> CheckClosely(sql::Connection& connection,
                                                         const std::string& project,
                                                         const Record& record, absl::Time now,
                                                         int64_t& sequence);
  absl::Status Load(sql::Connection& connection);
  int RestrictionsOf(const std::string& project, const std::string& pseudonym) const;
  template <typename Record>
  absl::Status CarryOver(sql::Connection& connection, const std::string& project,
                         const Record& record, absl::Time now, int64_t& sequence) const;
  // Of a trace that is refused: its later parts may name neither person nor session.
  absl::Status RefuseFurtherParts(sql::Connection& connection, const std::string& project,
                                  const InteractionRecord& record);
  absl::Status RefuseFurtherParts(sql::Connection&, const std::string&, const SignalRecord&) {
    return absl::OkStatus();
  }
  // Whether the record's session was erased, under whichever of its names.
  template <typename Record>
  absl::StatusOr<bool> IsSessionClosed(sql::Connection& connection, const std::string& project,
                                       const Record& record) const;
  absl::StatusOr<bool> IsErased(sql::Connection& connection, std::string_view kind,
                                const std::string& project, const std::string& id) const;
  absl::StatusOr<std::optional<ItemResult>> RefuseErased(sql::Connection& connection,
                                                         const std::string& project,
                                                         const InteractionRecord& record);
  absl::StatusOr<std::optional<ItemResult>> RefuseErased(sql::Connection& connection,
                                                         const std::string& project,
                                                         const SignalRecord& record) const;

  const Pseudonymiser& pseudonymiser_;
  std::atomic<bool> valid_ = false;
  bool erased_ = false;
  // By project; without empty ones.
  absl::flat_hash_map<std::string, People> people_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_WRITE_GUARD_H_
