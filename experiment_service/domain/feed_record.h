// What the service takes of ingest's feed: interactions, signals and tombstones.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_FEED_RECORD_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_FEED_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::experiment {

// One turn, without what people and agents said.
struct ServedInteraction {
  std::string interaction_id;
  // Empty where it belongs to no session.
  std::string session_id;
  // Empty where no experiment decided what served it.
  std::string assignment_token;
  // Empty: that of the unit's arm.
  std::string model_version;
  // When the answer was there.
  absl::Time answer_time;
  bool failed = false;
  // Where it failed.
  std::string failure_kind;
  std::optional<double> latency_seconds;
  std::optional<int64_t> prompt_tokens;
  std::optional<int64_t> completion_tokens;
  std::optional<double> cost_usd;
};

// What was said or done; the field numbers of flywheel.ingest.v1.Signal.kind, and stored.
enum class FeedSignalKind {
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

// One revision of one signal, without its words.
struct FeedSignal {
  std::string signal_id;
  int64_t revision = 0;
  // Exactly one of the two is not empty.
  std::string interaction_id;
  std::string session_id;
  absl::Time event_time;
  FeedSignalKind kind = FeedSignalKind::kThumbs;
  // kEvaluation: what was measured. Else empty.
  std::string name = {};
  // kThumbs: 1 up, 0 down. kStars: 0 (fewest) to 1 (most). kEdit: the share that was changed.
  // kEvaluation: the score. Else 1.
  double value = 1;
};

// Records that left ingest, because somebody had them erased.
struct FeedTombstone {
  std::string erasure_id;
  // Of interactions and signals, in ingest's feed.
  std::vector<int64_t> sequences;
  // The erasure has no further one.
  bool last = false;
};

// One record of the feed; nothing where it is of a kind that says nothing of experiments.
struct FeedRecord {
  int64_t sequence = 0;
  std::string project;
  std::variant<std::monostate, ServedInteraction, FeedSignal, FeedTombstone> record;
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

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_FEED_RECORD_H_
