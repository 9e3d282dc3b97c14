#include "redaction/redactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "redaction/conversation/known_values.h"
#include "redaction/surroundings.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
absl::Status RefusesToSettle() {
  return errors::InvalidArgument("text", "a text that changes at each of 16 redactions",
                                 "a text in which personal data can be replaced");
}

std::string Redactor::Placeholder(DataType type, std::string_view label, std::string_view value) {
  // Counted by type, so that nothing of the value is kept outside of the redactor.
  ++counts_[static_cast<size_t>(type)];
  const std::string normalised = NormalisedValue(type, value);
  std::string& known = placeholders_[fmt::format("{}{}{}", label, '\0', normalised)];
  // A new value takes the next number of its label, or the one that the caller has for it.
  if (known.empty()) {
    const int64_t number =
        number_ != nullptr ? number_(label, normalised) : ++last_numbers_[std::string(label)];
    known = fmt::format("[{}_{}]", label, number);
  }
  return known;
}

void Redactor::SkipKnownNumbers(std::string_view text) {
  // "[EMAIL_7]" in a text that comes in was given by somebody else: ours begin with 8.
  for (size_t place = text.find('['); place != std::string_view::npos;
       place = text.find('[', place + 1)) {
    const size_t size = PlaceholderAt(text, place);
    if (size == 0) continue;
    const std::string_view inside = text.substr(place + 1, size - 2);
    const size_t split = inside.rfind('_');
    // A number of more digits is none that we would reach.
    if (inside.size() - split > 10) continue;
    int64_t number = 0;
    for (const char c : inside.substr(split + 1)) number = number * 10 + (c - '0');
    int64_t& last = last_numbers_[std::string(inside.substr(0, split))];
    last = std::max(last, number);
  }
}

std::vector<PersonalSpan> Redactor::FoundSpans() const {
  std::vector<PersonalSpan> spans;
  spans.reserve(findings_.size());
  for (const Finding& finding : findings_) {
    const Recogniser& recogniser = detector_.recogniser(finding.recogniser);
    spans.push_back(
        {finding.begin, finding.end, recogniser.type, recogniser.label, Spread::kNone, false});
  }
  return spans;
}

std::vector<TextEdit> Redactor::Edits(std::string_view text,
                                      const std::vector<PersonalSpan>& spans) {
  std::vector<TextEdit> edits;
  edits.reserve(spans.size());
  for (const PersonalSpan& span : spans) {
    const std::string_view value = text.substr(span.begin, span.end - span.begin);
    edits.push_back({span.begin, span.end, Placeholder(span.type, span.label, value)});
  }
  return edits;
}

absl::StatusOr<bool> Redactor::Redact(std::string& text) {
  // Most texts have nothing to find, and cost no copy.
  detector_.Find(text, findings_);
  std::vector<PersonalSpan> spans = FoundSpans();
  if (found_ != nullptr && !found_->AppendTo(Speaker::kOther, text, nullptr, spans)) {
    return errors::RecogniserUnavailable(kMissed);
  }
  if (spans.empty()) return false;
  MergeSpans(spans);
  SkipKnownNumbers(text);
  // Replace and look again: what was apart may stand side by side now.
  std::string redacted = text;
  for (int round = 0; round < kMaxRounds; ++round) {
    redacted = ApplyEdits(redacted, Edits(redacted, spans));
    detector_.Find(redacted, findings_);
    if (findings_.empty()) {
      text = std::move(redacted);
      return true;
    }
    spans = FoundSpans();
  }
  return RefusesToSettle();
}

}  // namespace flywheel::redaction
