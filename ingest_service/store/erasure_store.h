// The SQL of erasures: their receipts, and the records that leave.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/domain/privacy.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// All functions work inside the transaction of `connection`, if one is open.

// An erasure with what the store knows besides.
struct StoredErasure {
  std::string project;
  ErasureReceipt receipt;
  // Tells a replay from an erasure of somebody else.
  std::string person_mac;
  // Whom to erase; empty once that is done.
  std::vector<std::string> pseudonyms;
  // Up to where; 0 before the first piece.
  int64_t last_sequence = 0;
};

class ErasureStore {
 public:
  // Begins one that does not exist yet.
  static absl::Status Add(sql::Connection& connection, const StoredErasure& erasure);
  static absl::StatusOr<std::optional<StoredErasure>> Find(sql::Connection& connection,
                                                           const std::string& project,
                                                           const std::string& erasure_id);
  // The oldest that is not clean.
  static absl::StatusOr<std::optional<StoredErasure>> NextUnderWay(sql::Connection& connection,
                                                                   int64_t skip);

  // Keeps the counts, the pseudonyms and the sequences of an erasure that goes on.
  static absl::Status Update(sql::Connection& connection, const StoredErasure& erasure);
  static absl::Status SetClean(sql::Connection& connection, const StoredErasure& erasure,
                               absl::Time clean_time);

  // The first report of a store counts.
  static absl::Status AddReport(sql::Connection& connection, const std::string& project,
                                const std::string& erasure_id, const StoreReport& report);
};

// An interaction that is to leave.
struct ErasableInteraction {
  int64_t sequence = 0;
  std::string interaction_id;
  std::string session_id;
  int64_t tool_calls = 0;
  PayloadForm form = PayloadForm::kPlain;
};

// One revision of a signal that is to leave.
struct ErasableSignal {
  int64_t sequence = 0;
  std::string signal_id;
};

class ErasableRecords {
 public:
  // Up to `limit` interactions of a person, up to `last_sequence`, in the order of the feed.
  static absl::StatusOr<std::vector<ErasableInteraction>> InteractionsOf(
      sql::Connection& connection, const std::string& project, const std::string& user_pseudonym,
      int64_t last_sequence, int64_t limit);

  // Up to `limit` signals about an interaction or about a session, or that a person gave, up to
  // `last_sequence`, in the order of the feed.
  static absl::StatusOr<std::vector<ErasableSignal>> SignalsAboutInteraction(
      sql::Connection& connection, const std::string& project, const std::string& interaction_id,
      int64_t last_sequence, int64_t limit);
  static absl::StatusOr<std::vector<ErasableSignal>> SignalsAboutSession(
      sql::Connection& connection, const std::string& project, const std::string& session_id,
      int64_t last_sequence, int64_t limit);
  static absl::StatusOr<std::vector<ErasableSignal>> SignalsBy(sql::Connection& connection,
                                                               const std::string& project,
                                                               const std::string& actor_pseudonym,
                                                               int64_t last_sequence,
                                                               int64_t limit);

  // Up to `limit` revisions of the signal that `one` is a revision of; `one` itself comes last.
  static absl::StatusOr<std::vector<ErasableSignal>> Revisions(sql::Connection& connection,
                                                               const std::string& project,
                                                               const ErasableSignal& one,
                                                               int64_t limit);

  static absl::Status Delete(sql::Connection& connection, const ErasableInteraction& interaction);
  static absl::Status Delete(sql::Connection& connection, const ErasableSignal& signal);
};

// Who else is in a session than one interaction.
struct SessionSharing {
  // Somebody who is not one of the given people, or one of them up to the given sequence.
  bool others = false;
  // One of them, after it.
  bool later = false;
};
absl::StatusOr<SessionSharing> FindSessionSharing(sql::Connection& connection,
                                                  const std::string& project,
                                                  const ErasableInteraction& interaction,
                                                  const std::vector<std::string>& pseudonyms,
                                                  int64_t last_sequence);

// Keyed hashes of what may not come back.
absl::Status AddErasedRecord(sql::Connection& connection, const std::string& project,
                             const std::string& record_mac);
absl::StatusOr<bool> IsErasedRecord(sql::Connection& connection, const std::string& project,
                                    const std::string& record_mac);
// Whether there is one at all, of any project.
absl::StatusOr<bool> HasErasedRecords(sql::Connection& connection);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_
