#include "ingest_service/domain/session_feedback.h"

#include <tuple>

namespace flywheel::ingest {

ImplicitFeedback ExtractFeedback(std::span<const SessionEvent> events) {
  ImplicitFeedback feedback;
  const SessionEvent* newest_edit = nullptr;
  for (const SessionEvent& event : events) {
    switch (event.kind) {
      case SignalKind::kAccepted:
        feedback.accepted = true;
        break;
      case SignalKind::kRetry:
        ++feedback.retries;
        break;
      case SignalKind::kEdit:
        // The newest by the time of the event; by its place in the feed where that is equal.
        if (newest_edit == nullptr ||
            std::tie(event.event_time, event.sequence) >
                std::tie(newest_edit->event_time, newest_edit->sequence)) {
          newest_edit = &event;
        }
        break;
      case SignalKind::kSessionContinued:
        feedback.continued = true;
        break;
      case SignalKind::kErrorReported:
        feedback.error_reported = true;
        break;
      // Opinions, which are no behaviour.
      default:
        break;
    }
  }
  if (newest_edit != nullptr) feedback.edit_ratio = newest_edit->edit_ratio;
  return feedback;
}

}  // namespace flywheel::ingest
