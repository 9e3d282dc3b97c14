#include <string>
#include <utility>
#include <vector>

#include "redaction/conversation/json_text.h"
#include "redaction/conversation/keyed_values.h"
#include "redaction/redactor.h"
#include "shared/status/errors.h"
#include "shared/text/json_strings.h"

namespace flywheel::redaction {

bool Redactor::RedactJsonOnce(std::string& json, const JsonText& meaning,
                              const std::vector<PersonalSpan>& foreign) {
  // Find in the text that the JSON means, with keys and syntax around each value.
  detector_.Find(meaning.plain(), findings_);
  std::vector<PersonalSpan> spans = FoundSpans();
  // And what keys say. Who is who is left to whoever has the whole conversation.
  KeyedValues keyed;
  meaning.FindKeyed(json, keyed);
  AddKeyed(keyed, spans);
  spans.insert(spans.end(), foreign.begin(), foreign.end());
  MergeSpans(spans);
  return meaning.Replace(json, spans, [&](const PersonalSpan& span, std::string_view value) {
    return Placeholder(span.type, span.label, value);
  });
}

absl::StatusOr<bool> Redactor::RedactJson(std::string& json) {
  // Without escapes the bytes are the meaning, and most texts have nothing to find.
  if (found_ == nullptr && json.find('\\') == std::string::npos) {
    detector_.Find(json, findings_);
    if (findings_.empty() && !HasPersonalKeys(json)) return false;
  }
  auto tokens = JsonTokens(json);
  if (!tokens) return Redact(json);
  // Escapes and lengths change with each round, so tokens are found anew.
  SkipKnownNumbers(json);
  std::string redacted = json;
  for (int round = 0; round < kMaxRounds; ++round) {
    const JsonText meaning(redacted, *std::move(tokens));
    std::vector<PersonalSpan> foreign;
    if (round == 0 && found_ != nullptr &&
        !found_->AppendTo(Speaker::kOther, meaning.plain(), &meaning, foreign)) {
      return errors::RecogniserUnavailable(kMissed);
    }
    if (!RedactJsonOnce(redacted, meaning, foreign)) {
      if (round > 0) json = std::move(redacted);
      return round > 0;
    }
    tokens = JsonTokens(redacted);
  }
  return RefusesToSettle();
}

}  // namespace flywheel::redaction
