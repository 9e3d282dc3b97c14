// Text filter: redacts the texts of a request before a service stores anything of it.
#ifndef FLYWHEEL_SHARED_PRIVACY_TEXT_FILTER_H_
#define FLYWHEEL_SHARED_PRIVACY_TEXT_FILTER_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "redaction/conversation/conversation_redactor.h"
#include "redaction/pii_detector.h"
#include "shared/rpc/metrics.h"
#include "shared/status/status_macros.h"

namespace flywheel {

// Replaces personal data in texts that people and programs give to a service: reasons,
// descriptions, outputs. What it replaces is counted by type in /metrics, and nowhere else.
// The hash that tells a resend is of what is stored, so a resend stays one, and no hash of a text
// that is not kept reaches the disk. Names that programs go by (ids, versions, metrics, agents,
// actors) are no texts, and nobody gives them to it. Thread-safe.
//
//   RETURN_IF_ERROR(texts.Redact({request.mutable_reason()}));
//
//   TextFilter::Together together(texts);       // One thing: equal values, equal placeholders.
//   together.Add(&output, redaction::Speaker::kAgent);
//   RETURN_IF_ERROR(together.Redact());
class TextFilter {
 public:
  // Without a detector nothing is replaced. `metrics` outlives this object.
  TextFilter(std::optional<redaction::PiiDetector> detector, rpc::Metrics* metrics)
      : detector_(std::move(detector)), metrics_(metrics) {}

  // Texts of one thing. All errors of this class are INVALID_ARGUMENT, where replacing does not
  // come to an end: nothing of the request may be stored then.
  class Together {
   public:
    explicit Together(const TextFilter& filter);
    // `text` outlives this object. What starts like JSON and is JSON stays JSON.
    void Add(std::string* text, redaction::Speaker speaker = redaction::Speaker::kOther);
    // Once, after all were added.
    absl::Status Redact();
    // Whether a text is another one now.
    bool changed() const { return changed_; }

   private:
    const TextFilter& filter_;
    bool changed_ = false;
    std::optional<redaction::ConversationRedactor> redactor_;
  };

  absl::Status Redact(std::initializer_list<std::string*> texts) const;

  // The values of labels, each by itself: "ann@example.com" is [EMAIL_1] whatever stands beside it,
  // so that a filter by a label finds what was stored with it. Keys say nothing of their values.
  template <typename Map>
  absl::Status RedactValues(Map& labels) const {
    for (auto& [name, value] : labels) RETURN_IF_ERROR(RedactAlone(value));
    return absl::OkStatus();
  }
  // One of them.
  absl::Status RedactAlone(std::string& text) const;

 private:
  // Cleans a text (shared/text/clean.h) in which personal data is, or hides behind what cleaning
  // removes. Others keep their bytes.
  void Uncover(std::string& text) const;

  const std::optional<redaction::PiiDetector> detector_;
  rpc::Metrics* const metrics_;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_TEXT_FILTER_H_
