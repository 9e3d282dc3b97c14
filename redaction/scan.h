// Scan: what would be replaced in texts before they are stored, and why, without storing anything.
#ifndef FLYWHEEL_REDACTION_SCAN_H_
#define FLYWHEEL_REDACTION_SCAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/conversation/conversation_redactor.h"
#include "redaction/conversation/explanation.h"
#include "redaction/conversation/foreign_findings.h"
#include "redaction/pii_detector.h"

namespace flywheel::redaction {

// One text of a conversation, which is what it may stand for alone, too.
struct Turn {
  Speaker speaker = Speaker::kOther;
  std::string text;
};

struct ScannedText {
  // What the findings are places of: the text without control characters and in one spelling of
  // Unicode (shared/text/clean.h), which is nearly always the text itself.
  std::string cleaned;
  // As it would be stored.
  std::string stored;
  // In ascending order.
  std::vector<Explanation> findings;
};

// Cleans the turns, and redacts them as one conversation, one result a turn. Remembers nothing.
// With `found` it is looked at as well. The errors of ConversationRedactor::Finish().
absl::StatusOr<std::vector<ScannedText>> ScanConversation(const PiiDetector& detector,
                                                          std::vector<Turn> turns,
                                                          const ForeignFindings* found = nullptr);

// The same where nothing is redacted: only cleaned.
std::vector<ScannedText> CleanedOnly(std::vector<Turn> turns);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_SCAN_H_
