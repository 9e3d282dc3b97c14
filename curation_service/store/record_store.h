// Store of the record, the tables feed_cursors, interactions and signals.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_RECORD_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_RECORD_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// What scoring needs to know of an interaction.
struct InteractionKey {
  std::string interaction_id;
  std::string session_id;
  std::string agent;
  int64_t sequence = 0;
  // As Interaction's.
  bool noise = false;
};

// What a signal is about; one of the two is empty.
struct SignalTarget {
  std::string interaction_id;
  std::string session_id;

  friend bool operator==(const SignalTarget&, const SignalTarget&) = default;
};

// A signal that was erased.
struct ErasedSignal {
  std::string signal_id;
  SignalTarget target;
  // A correction or an edit, or a later revision of whatever kind: the text of this revision or of
  // an earlier one, of which nothing is kept, may be an ideal output.
  bool may_be_ideal_output = false;
  // What earlier revisions were about, of interactions alone.
  std::vector<std::string> earlier_interaction_ids = {};
};

// All SQL over these tables, inside the caller's transaction.
class RecordStore {
 public:
  explicit RecordStore(sql::Connection& connection) : connection_(connection) {}

  // Where to go on reading ingest's feed; 0 before the first time.
  absl::StatusOr<int64_t> Cursor();
  // Moves it; never back.
  absl::Status SetCursor(int64_t next_cursor);

  // Keeps and counts an interaction; one that is known stays as it is.
  absl::Status AddInteraction(const std::string& project, const Interaction& interaction,
                              int64_t sequence);

  // Keeps a signal if it is new or a higher revision. Empty where it was not kept; else what it and
  // the revision that it replaces are about.
  absl::StatusOr<std::vector<SignalTarget>> AddSignal(const std::string& project,
                                                      const Signal& signal);

  // Replaces the texts of an interaction, and nothing else of it; false where it is not here.
  absl::StatusOr<bool> RewriteInteraction(const std::string& project,
                                          const Interaction& interaction);
  // What this revision of a signal says went wrong; nothing where it, or this revision, is not
  // here.
  absl::StatusOr<std::optional<std::string>> FailureModeOf(const std::string& project,
                                                           const Signal& signal);
  // As RewriteInteraction, of this revision of a signal; false where it, or this revision, is not
  // here.
  absl::StatusOr<bool> RewriteSignal(const std::string& project, const Signal& signal);

  // Erases what has this place in the feed, if it is here. Returns the id of the interaction, whose
  // score goes first, and what the signal was about.
  absl::StatusOr<std::optional<std::string>> EraseInteraction(const std::string& project,
                                                              int64_t sequence);
  absl::StatusOr<std::optional<ErasedSignal>> EraseSignal(const std::string& project,
                                                          int64_t sequence);

  // What was asked in it; empty where it is not here.
  absl::StatusOr<std::string> Input(const std::string& project, const std::string& interaction_id);
  absl::StatusOr<std::optional<InteractionKey>> FindInteraction(const std::string& project,
                                                                const std::string& interaction_id);

  // The first `limit` interactions of a session, in feed order.
  absl::StatusOr<std::vector<InteractionKey>> InteractionsOfSession(const std::string& project,
                                                                    const std::string& session_id,
                                                                    int64_t limit);

  // The newest revisions of the `limit` signals about an interaction, or about a session, that came
  // last; the newest first.
  absl::StatusOr<std::vector<Signal>> SignalsOfInteraction(const std::string& project,
                                                           const std::string& interaction_id,
                                                           int64_t limit);
  absl::StatusOr<std::vector<Signal>> SignalsOfSession(const std::string& project,
                                                       const std::string& session_id,
                                                       int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_RECORD_STORE_H_
