// What curation keeps of ingest's record: interactions, and the signals about them.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_RECORD_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_RECORD_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "curation_service/domain/message.h"

namespace flywheel::curation {

// One turn of a user and an agent, without what curation has no use for.
struct Interaction {
  std::string interaction_id;
  // Empty where it belongs to no session.
  std::string session_id;
  // A pseudonym; empty where nobody is known.
  std::string user_id;
  std::string agent;
  std::string model_version;
  std::string prompt_version;
  // The short form: what was asked, and the final answer.
  std::string input;
  std::string output;
  // What came before the turn.
  Messages history;
  // The turn itself; empty where the agent reports the short form alone.
  Messages messages;
  std::vector<ToolDefinition> tools;
  std::vector<RetrievedContext> contexts;
  std::map<std::string, std::string> attributes;
  // The kind of the failure that the agent reported; empty where it answered.
  std::string failure_kind = {};
  // Ingest marked it as no real use of the agent.
  bool noise = false;
  // When the turn began; the epoch where it was read before curation kept the time.
  absl::Time start_time = absl::UnixEpoch();
};

// Who gave a signal; the numbers of flywheel.ingest.v1.Actor.
enum class Actor { kUser = 1, kStaff = 2, kSystem = 3 };

// What was said or done; the field numbers of flywheel.ingest.v1.Signal.kind.
enum class SignalKind {
  kThumbs = 10,
  kStars = 11,
  kCorrection = 12,
  kEdit = 13,
  kRegenerate = 14,
  kRetry = 15,
  kCopy = 16,
  kAbandon = 17,
  kFollowUp = 18,
  kEscalation = 19,
  kAccepted = 20,
  kSessionContinued = 21,
  kErrorReported = 22,
  kEvaluation = 23,
};

// One revision of one signal.
struct Signal {
  std::string signal_id;
  int64_t revision = 0;
  // What it is about: exactly one of the two is not empty.
  std::string interaction_id;
  std::string session_id;
  absl::Time event_time;
  Actor actor = Actor::kUser;
  // A pseudonym; empty where nobody is known.
  std::string actor_id;
  SignalKind kind = SignalKind::kFollowUp;
  // kThumbs: 1 up, -1 down. kStars: -1 (fewest) to 1 (most). kEdit: the share that was changed, 0
  // to 1. kEvaluation: the metric's value. Else 0.
  double value = 0;
  // kCorrection: what should have been answered. kEdit: the output after the edit; empty where the
  // agent's backend does not know it. Else empty.
  std::string text;
  // kCorrection: the calls that should have been made, their results and the answer, where whoever
  // corrected said so. Else empty.
  Messages messages;
  // What went wrong, by whoever gave the signal; empty where they did not say.
  std::string failure_mode = {};
  // The place of this revision in ingest's feed.
  int64_t sequence = 0;
};

// Records that left ingest with the person that they belonged to.
struct Tombstone {
  std::string erasure_id;
  // Of interactions and signals, in ingest's feed.
  std::vector<int64_t> sequences;
  // The erasure has no further one.
  bool last = false;
};

// The texts of a record that came before were replaced in ingest.
struct Rewrite {
  std::string scan_id;
  // Of the record, in ingest's feed; 0 in the last one of a scan.
  int64_t sequence = 0;
  // The record as it is now; nothing where it has left ingest.
  std::variant<std::monostate, Interaction, Signal> content;
  // The scan has no further one.
  bool last = false;
};

// The numbers of flywheel.ingest.v1.Purpose.
enum class Purpose { kRecord = 1, kTrain = 2 };

// What a person allows, or not, from this place of the feed on.
struct Consent {
  // A pseudonym.
  std::string user_id;
  Purpose purpose = Purpose::kTrain;
  bool allowed = true;
};

// One record of ingest's feed.
struct FeedRecord {
  int64_t sequence = 0;
  std::string project;
  std::variant<Interaction, Signal, Tombstone, Consent, Rewrite> record;
};

// What one message of the feed brought.
struct FeedBatch {
  std::vector<FeedRecord> records;
  // Where to go on after these records were kept.
  int64_t next_cursor = 0;
  // When the last of them was committed; InfiniteFuture where there are no more.
  absl::Time read_up_to = absl::InfiniteFuture();
  // Of the message.
  int64_t size_bytes = 0;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_RECORD_H_
