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

// An erasure with what the store knows besides.
struct StoredErasure {
  // Without names once nothing of it is left.
  ErasureSubject subject;
  ErasureReceipt receipt;
  // Tells a replay from an erasure of something else.
  std::string subject_mac;
  // Up to where; 0 before the first piece.
  int64_t last_sequence = 0;
};

class ErasureStore {
 public:
  explicit ErasureStore(sql::Connection& connection) : connection_(connection) {}

  // Begins one that does not exist yet.
  absl::Status Add(const StoredErasure& erasure);
  absl::StatusOr<std::optional<StoredErasure>> Find(const std::string& project,
                                                    const std::string& erasure_id);
  // The oldest that is not clean.
  absl::StatusOr<std::optional<StoredErasure>> NextUnderWay(int64_t skip);

  // Keeps the counts, the names and the sequences of an erasure that goes on.
  absl::Status Update(const StoredErasure& erasure);
  absl::Status SetClean(const StoredErasure& erasure, absl::Time clean_time);

  // The first report of a store counts; of no more than kMaxErasureReports stores, as the caller
  // sees to.
  absl::Status AddReport(const std::string& project, const std::string& erasure_id,
                         const StoreReport& report);

 private:
  sql::Connection& connection_;
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

// Who else is in a session than one interaction.
struct SessionSharing {
  // Somebody who is not one of the given people, or one of them up to the given sequence.
  bool others = false;
  // One of them, after it.
  bool later = false;
};

class ErasableRecords {
 public:
  explicit ErasableRecords(sql::Connection& connection) : connection_(connection) {}

  // Up to `limit` interactions of a user, of a session, or the one of this name, up to
  // `last_sequence`, in the order of the feed.
  absl::StatusOr<std::vector<ErasableInteraction>> InteractionsOf(const std::string& project,
                                                                  SubjectKind kind,
                                                                  const std::string& name,
                                                                  int64_t last_sequence,
                                                                  int64_t limit);

  // Up to `limit` signals about an interaction or about a session, or that a person gave, up to
  // `last_sequence`, in the order of the feed.
  absl::StatusOr<std::vector<ErasableSignal>> SignalsAboutInteraction(
      const std::string& project, const std::string& interaction_id, int64_t last_sequence,
      int64_t limit);
  absl::StatusOr<std::vector<ErasableSignal>> SignalsAboutSession(const std::string& project,
                                                                  const std::string& session_id,
                                                                  int64_t last_sequence,
                                                                  int64_t limit);
  absl::StatusOr<std::vector<ErasableSignal>> SignalsBy(const std::string& project,
                                                        const std::string& actor_pseudonym,
                                                        int64_t last_sequence, int64_t limit);

  // Up to `limit` revisions of the signal that `one` is a revision of; `one` itself comes last.
  absl::StatusOr<std::vector<ErasableSignal>> Revisions(const std::string& project,
                                                        const ErasableSignal& one, int64_t limit);

  absl::Status Delete(const ErasableInteraction& interaction);
  absl::Status Delete(const ErasableSignal& signal);

  // Who else is in the session of `interaction` besides `pseudonyms`.
  absl::StatusOr<SessionSharing> FindSessionSharing(const std::string& project,
                                                    const ErasableInteraction& interaction,
                                                    const std::vector<std::string>& pseudonyms,
                                                    int64_t last_sequence);

  // Keyed hashes of what may not come back.
  absl::Status AddErased(const std::string& project, const std::string& record_mac);
  absl::StatusOr<bool> IsErased(const std::string& project, const std::string& record_mac);
  // Whether there is one at all, of any project.
  absl::StatusOr<bool> HasErased();

  // Whether anything in the store, of any project, was named or hashed for a person: without the
  // key that made these names nobody can be found again. Reads whole tables where nothing was.
  absl::StatusOr<bool> HasPseudonyms();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_
