#include "redaction/scan.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "shared/status/status_macros.h"
#include "shared/text/clean.h"
#include "shared/text/json_strings.h"

namespace flywheel::redaction {

std::vector<ScannedText> CleanedOnly(std::vector<Turn> turns) {
  std::vector<ScannedText> scanned(turns.size());
  for (size_t i = 0; i < turns.size(); ++i) {
    std::string& text = turns[i].text;
    // JSON is walked as JSON, so that it stays valid.
    MayBeJson(text) ? CleanJson(text) : CleanText(text);
    scanned[i].stored = text;
    scanned[i].cleaned = std::move(text);
  }
  return scanned;
}

absl::StatusOr<std::vector<ScannedText>> ScanConversation(const PiiDetector& detector,
                                                          std::vector<Turn> turns,
                                                          const ForeignFindings* found) {
  std::vector<Speaker> speakers;
  speakers.reserve(turns.size());
  for (const Turn& turn : turns) speakers.push_back(turn.speaker);
  std::vector<ScannedText> scanned = CleanedOnly(std::move(turns));
  ConversationRedactor redactor(detector, found);
  redactor.Explain();
  for (size_t i = 0; i < scanned.size(); ++i) redactor.Add(speakers[i], &scanned[i].stored);
  RETURN_IF_ERROR(redactor.Finish().status());
  // Empty texts were not added.
  size_t added = 0;
  for (ScannedText& one : scanned) {
    if (one.cleaned.empty()) continue;
    one.findings = redactor.explanations(added++);
    std::stable_sort(one.findings.begin(), one.findings.end(),
                     [](const Explanation& a, const Explanation& b) {
                       return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
                     });
  }
  return scanned;
}

}  // namespace flywheel::redaction
