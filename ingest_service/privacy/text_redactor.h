// Redacts personal data in the texts of a message, and cleans them.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_TEXT_REDACTOR_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_TEXT_REDACTOR_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/upstream/text_check.h"
#include "redaction/pii_detector.h"
#include "redaction/redactor.h"
#include "redaction/scan.h"
#include "shared/rpc/metrics.h"

namespace flywheel::ingest {

// Cleans every text of a message (shared/text/clean.h), and replaces personal data in it by
// placeholders, which are the same for the same value within one message; what one text or the ids
// say is known in all (redaction/conversation/conversation_redactor.h). Ids, names of agents,
// versions and tools, and names of attributes are no texts. What was found is counted by its type,
// and nowhere else. Thread-safe.
class TextRedactor {
 public:
  // Without a detector texts are cleaned, and nothing is replaced. `metrics` outlives this object.
  TextRedactor(std::optional<redaction::PiiDetector> detector, rpc::Metrics* metrics)
      : detector_(std::move(detector)), metrics_(metrics) {}

  // True where something changed. An error means that the message must not be stored. `ids` are
  // those of its person in clear: the message has their pseudonyms, and its texts may name them.
  // With a `check` that has asked, what was found there is replaced as well, and a text that was
  // not looked at is RECOGNISER_UNAVAILABLE; where it still collects, the texts are collected and
  // not replaced.
  absl::StatusOr<bool> Redact(v1::Interaction& interaction,
                              const std::vector<std::string_view>& ids,
                              TextCheck* check = nullptr) const;
  absl::StatusOr<bool> Redact(v1::Signal& signal, const std::vector<std::string_view>& ids,
                              TextCheck* check = nullptr) const;

  // The same for a message as it is stored, whose person is known by a pseudonym alone: what of it
  // changes today. It was counted when it came, and is not counted again.
  struct Recheck {
    bool changed = false;
    std::array<int64_t, redaction::kDataTypes> counts{};
  };
  absl::StatusOr<Recheck> RecheckStored(v1::Interaction& interaction,
                                        TextCheck* check = nullptr) const;
  absl::StatusOr<Recheck> RecheckStored(v1::Signal& signal, TextCheck* check = nullptr) const;

  // One text, or JSON, of a message that comes in pieces; `number` tells equal values in all of
  // them.
  absl::Status RedactPiece(std::string& text, redaction::PlaceholderNumber number,
                           TextCheck* check = nullptr) const;

  // What would be replaced in these texts of one message, and why. Counts nothing. With a `check`
  // as Redact() does.
  absl::StatusOr<std::vector<redaction::ScannedText>> Scan(std::vector<redaction::Turn> turns,
                                                           TextCheck* check = nullptr) const;
  bool redacts() const { return detector_.has_value(); }

 private:
  const std::optional<redaction::PiiDetector> detector_;
  rpc::Metrics* const metrics_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_TEXT_REDACTOR_H_
