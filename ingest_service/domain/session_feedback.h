// Extracts implicit feedback from the signals of a session.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_FEEDBACK_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_FEEDBACK_H_

#include <cstdint>
#include <span>

#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/feedback/implicit_feedback.h"

namespace flywheel::ingest {

// A signal, as far as behaviour goes.
struct SessionEvent {
  SignalKind kind = SignalKind::kUnknown;
  // Of an edit.
  double edit_ratio = 0;
  absl::Time event_time;
  int64_t sequence = 0;
};

// FeedbackCollector.extract_feedback of "Data Flywheel: The Continuous Improvement Feedback Loop",
// section 75.1: any acceptance, continuation or report counts, every retry counts, and of the edits
// the newest (by when it happened, where that is equal by its place in the feed). The order of
// `events` does not matter.
ImplicitFeedback ExtractFeedback(std::span<const SessionEvent> events);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_FEEDBACK_H_
