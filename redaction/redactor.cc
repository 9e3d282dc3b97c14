#include "redaction/redactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "redaction/surroundings.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

// "+49 30 123" and "+49-30-123" are one value, and so are a@b.org and A@b.org.
std::string Normalised(DataType type, std::string_view value) {
  const bool number = type == DataType::kPhone || type == DataType::kCard ||
                      type == DataType::kIban || type == DataType::kNationalId ||
                      type == DataType::kPassport;
  std::string normalised;
  for (const char c : value) {
    if (number && std::string_view(" -./()").find(c) != std::string_view::npos) continue;
    normalised += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return normalised;
}

}  // namespace

absl::Status RefusesToSettle() {
  return errors::InvalidArgument("text", "a text that changes at each of 16 redactions",
                                 "a text in which personal data can be replaced");
}

std::string ApplyEdits(std::string_view text, const std::vector<TextEdit>& edits) {
  std::string result;
  result.reserve(text.size());
  size_t done = 0;
  for (const TextEdit& edit : edits) {
    result.append(text.substr(done, edit.begin - done)).append(edit.text);
    done = edit.end;
  }
  result.append(text.substr(done));
  return result;
}

std::string Redactor::Placeholder(const Recogniser& recogniser, std::string_view value) {
  // Counted by type, so that nothing of the value is kept outside of the redactor.
  ++counts_[static_cast<size_t>(recogniser.type)];
  const std::string normalised = Normalised(recogniser.type, value);
  std::string& known = placeholders_[recogniser.label + '\0' + normalised];
  // A new value takes the next number of its label, or the one that the caller has for it.
  if (known.empty()) {
    const int64_t number = number_ != nullptr ? number_(recogniser.label, normalised)
                                              : ++last_numbers_[recogniser.label];
    known = fmt::format("[{}_{}]", recogniser.label, number);
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

std::vector<TextEdit> Redactor::Edits(std::string_view text) {
  std::vector<TextEdit> edits;
  edits.reserve(findings_.size());
  for (const Finding& finding : findings_) {
    const std::string_view value = text.substr(finding.begin, finding.end - finding.begin);
    edits.push_back(
        {finding.begin, finding.end, Placeholder(detector_.recogniser(finding.recogniser), value)});
  }
  return edits;
}

absl::StatusOr<bool> Redactor::Redact(std::string& text) {
  // Most texts have nothing to find, and cost no copy.
  detector_.Find(text, findings_);
  if (findings_.empty()) return false;
  SkipKnownNumbers(text);
  // Replace and look again: what was apart may stand side by side now.
  std::string redacted = text;
  for (int round = 0; round < kMaxRounds; ++round) {
    redacted = ApplyEdits(redacted, Edits(redacted));
    detector_.Find(redacted, findings_);
    if (findings_.empty()) {
      text = std::move(redacted);
      return true;
    }
  }
  return RefusesToSettle();
}

}  // namespace flywheel::redaction
