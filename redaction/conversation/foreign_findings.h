// Foreign findings: what a recogniser outside of this library found in texts.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_FOREIGN_FINDINGS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_FOREIGN_FINDINGS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "absl/functional/function_ref.h"
#include "redaction/conversation/json_text.h"
#include "redaction/conversation/personal_span.h"
#include "redaction/conversation/speaker.h"

namespace flywheel::redaction {

// Bytes [begin, end) of a text, not empty and at the bounds of characters. `type` is the name of a
// DataType, or else the label of a placeholder of its own.
struct ForeignSpan {
  size_t begin = 0;
  size_t end = 0;
  std::string type;
};

// Calls `visit` with what there is to ask of one text: the text itself, or, where it is JSON, each
// string that is a value, as it is meant. What has neither letter nor digit is left out.
void VisitPlainTexts(std::string_view text, absl::FunctionRef<void(std::string_view)> visit);

// Filled before the texts are redacted, with everything that VisitPlainTexts names. A text that is
// not in it was not looked at: whoever redacts with it refuses that text. Thread-compatible.
class ForeignFindings {
 public:
  // What was found in a text; nothing, where `found` is empty. Placeholders in it are left alone.
  void Add(Speaker speaker, std::string_view text, const std::vector<ForeignSpan>& found);

  // Appends what was found in a text, or in the strings of `json` (null for none), of which `plain`
  // is JsonText::plain(). False where something of it was not looked at. The spans' labels live as
  // long as this object.
  bool AppendTo(Speaker speaker, std::string_view plain, const JsonText* json,
                std::vector<PersonalSpan>& spans) const;

 private:
  void AddPart(std::string_view text, PersonalSpan part, std::vector<PersonalSpan>& spans) const;
  bool AppendOne(Speaker speaker, std::string_view text, size_t offset,
                 std::vector<PersonalSpan>& spans) const;

  absl::node_hash_set<std::string> labels_;
  absl::flat_hash_map<std::string, std::vector<PersonalSpan>> by_text_;  // Of its speaker.
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_FOREIGN_FINDINGS_H_
