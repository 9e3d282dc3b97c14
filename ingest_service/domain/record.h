// Values of the record: interactions, signals, feed entries and results. Ingest decides by the few
// fields that stand here; the rest of a record is content that it hands on as it came.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/domain/privacy.h"
#include "ingest_service/domain/store_scan.h"
#include "shared/hashing/shared_message.h"
#include "shared/status/reason.h"

namespace flywheel::ingest {

// One interaction, validated, its user already a pseudonym.
struct InteractionRecord {
  std::string interaction_id;
  std::string session_id;
  std::string user_pseudonym;
  std::string agent;
  std::string model_version;
  absl::Time start_time;
  int64_t tool_calls = 0;
  std::map<std::string, std::string> attributes;
  // Why it looks like no real use (noise.h); 0 where it does not.
  int64_t noise = 0;
  // The whole interaction in the encoding of the contract, fields in a fixed order: equal content
  // is equal bytes. Where there are shared messages, as a row of PayloadForm::kShared has it.
  std::string payload;
  // The history and the messages of a turn that has a history, in order; else empty, and where they
  // are so short that they are better off in the payload.
  std::vector<SharedMessage> shared_messages;
  // Of the content as it was sent, 32 bytes: tells a replay from a conflict.
  std::string content_hash;
  // What the last two would be under older keys.
  std::vector<EarlierIdentity> earlier;
};

// The score that a program gave, of a signal of that kind.
struct EvaluationScore {
  std::string name;
  double score = 0;
};

// What was said or done; the field numbers of flywheel.ingest.v1.Signal.kind.
enum class SignalKind {
  kUnknown = 0,
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

// One revision of a signal, validated. Exactly one of interaction_id and session_id is not empty.
struct SignalRecord {
  std::string signal_id;
  int64_t revision = 0;
  std::string interaction_id;
  std::string session_id;
  std::string actor_pseudonym;
  absl::Time event_time;
  SignalKind kind = SignalKind::kUnknown;
  std::optional<EvaluationScore> evaluation;
  // As in InteractionRecord.
  std::string payload;
  std::string content_hash;
  std::vector<EarlierIdentity> earlier;
};

// A signal as it was stored.
struct StoredSignal {
  int64_t sequence = 0;
  std::string payload;
};

// What a feed entry holds.
enum class RecordKind { kInteraction = 0, kSignal = 1, kTombstone = 2, kConsent = 3, kRewrite = 4 };

struct FeedEntry {
  int64_t sequence = 0;
  std::string project;
  absl::Time commit_time;
  RecordKind kind = RecordKind::kInteraction;
  // Of an interaction or a signal; of an interaction, as `place` says. Of a rewrite, that of the
  // record as `content` says.
  std::string payload;
  // Of the other kinds.
  std::optional<Tombstone> tombstone = std::nullopt;
  std::optional<ConsentStatement> consent = std::nullopt;
  std::optional<Rewrite> rewrite = std::nullopt;
  // Of a rewrite: kInteraction or kSignal; nothing where the record is not there any more.
  std::optional<RecordKind> content = std::nullopt;
  // Of an interaction.
  PayloadPlace place = {};
  RecordMarks marks = {};
};

// What became of one item of a batch.
enum class ItemStatus { kStored, kReplayed, kConflict, kRejected };

struct ItemResult {
  std::string id;
  ItemStatus status = ItemStatus::kRejected;
  // Place in the feed; 0 where nothing is stored with this content.
  int64_t sequence = 0;
  // Why not, for kConflict and kRejected.
  Reason reason = Reason::kUnspecified;
  std::string message;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_H_
