// The SQL of what belongs to a person, a session or an interaction: found for an erasure or an
// export.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_SUBJECT_RECORDS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_SUBJECT_RECORDS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/domain/privacy.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// An interaction of a subject.
struct SubjectInteraction {
  int64_t sequence = 0;
  std::string interaction_id;
  std::string session_id;
  int64_t tool_calls = 0;
  PayloadForm form = PayloadForm::kPlain;
};

// One revision of a signal of a subject, and what it is about.
struct SubjectSignal {
  int64_t sequence = 0;
  std::string signal_id;
  // One of both is empty.
  std::string interaction_id;
  std::string session_id;
};

// Rows with a sequence above `after`, up to `last`, at most `limit` of them.
struct SequenceRange {
  int64_t limit = 0;
  int64_t last = std::numeric_limits<int64_t>::max();
  int64_t after = 0;
};

// Who else is in a session than one interaction.
struct SessionSharing {
  // Somebody who is not one of the given people, or one of them up to the given sequence.
  bool others = false;
  // One of them, after it.
  bool later = false;
};

// In the caller's transaction. Lists are in the order of the feed.
class SubjectRecords {
 public:
  explicit SubjectRecords(sql::Connection& connection) : connection_(connection) {}

  // The interactions of a user, of a session, or the one of this name.
  absl::StatusOr<std::vector<SubjectInteraction>> InteractionsOf(const std::string& project,
                                                                 SubjectKind kind,
                                                                 const std::string& name,
                                                                 const SequenceRange& range);

  // Signals about an interaction or about a session, or that a person gave.
  absl::StatusOr<std::vector<SubjectSignal>> SignalsAboutInteraction(
      const std::string& project, const std::string& interaction_id, const SequenceRange& range);
  absl::StatusOr<std::vector<SubjectSignal>> SignalsAboutSession(const std::string& project,
                                                                 const std::string& session_id,
                                                                 const SequenceRange& range);
  absl::StatusOr<std::vector<SubjectSignal>> SignalsBy(const std::string& project,
                                                       const std::string& actor_pseudonym,
                                                       const SequenceRange& range);
  // Those of a subject besides the ones about its interactions: which a person gave, which are
  // about the session, or about the interaction of this name, which need not be there.
  absl::StatusOr<std::vector<SubjectSignal>> OtherSignals(const std::string& project,
                                                          SubjectKind kind, const std::string& name,
                                                          const SequenceRange& range);

  // Up to `limit` revisions of the signal that `one` is a revision of; `one` itself comes last.
  absl::StatusOr<std::vector<SubjectSignal>> Revisions(const std::string& project,
                                                       const SubjectSignal& one, int64_t limit);

  // Who else is in the session of `interaction` besides `pseudonyms`.
  absl::StatusOr<SessionSharing> FindSessionSharing(const std::string& project,
                                                    const SubjectInteraction& interaction,
                                                    const std::vector<std::string>& pseudonyms,
                                                    int64_t last_sequence);
  // The first interaction of a session that is theirs alone; 0 where it is not, or has none.
  absl::StatusOr<int64_t> FirstOfOwnSession(const std::string& project,
                                            const std::string& session_id,
                                            const std::vector<std::string>& pseudonyms);
  // Whether there is such an interaction, and it is theirs.
  absl::StatusOr<bool> IsOwn(const std::string& project, const std::string& interaction_id,
                             const std::vector<std::string>& pseudonyms);

  absl::Status Delete(const SubjectInteraction& interaction);
  absl::Status Delete(const SubjectSignal& signal);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_SUBJECT_RECORDS_H_
