#include "shared/privacy/text_filter.h"

#include <string_view>
#include <vector>

#include "redaction/redactor.h"
#include "redaction/text_edit.h"
#include "shared/text/clean.h"
#include "shared/text/json_strings.h"

namespace flywheel {

TextFilter::Together::Together(const TextFilter& filter) : filter_(filter) {
  if (filter.detector_.has_value()) redactor_.emplace(*filter.detector_);
}

void TextFilter::Together::Add(std::string* text, redaction::Speaker speaker) {
  if (!redactor_.has_value() || text->empty()) return;
  filter_.Uncover(*text);
  redactor_->Add(speaker, text);
}

absl::Status TextFilter::Together::Redact() {
  if (!redactor_.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(changed_, redactor_->Finish());
  filter_.Count(redactor_->counts());
  return absl::OkStatus();
}

absl::Status TextFilter::Redact(std::initializer_list<std::string*> texts) const {
  Together together(*this);
  for (std::string* const text : texts) together.Add(text);
  return together.Redact();
}

absl::Status TextFilter::RedactAlone(std::string& text) const {
  if (!detector_.has_value() || text.empty()) return absl::OkStatus();
  Uncover(text);
  redaction::Redactor redactor(*detector_);
  RETURN_IF_ERROR(redactor.Redact(text).status());
  Count(redactor.counts());
  return absl::OkStatus();
}

absl::StatusOr<bool> TextFilter::RedactStrings(std::string& json) const {
  if (!detector_.has_value() || json.empty()) return false;
  redaction::Redactor redactor(*detector_);
  const auto tokens = JsonTokens(json);
  // Whoever reads it says what is wrong with it; it is not kept as it came.
  if (!tokens) return redactor.Redact(json);
  std::vector<redaction::TextEdit> edits;
  for (const JsonToken& token : *tokens) {
    if (!token.is_string) continue;
    const std::string_view raw(json.data() + token.begin, token.end - token.begin);
    std::string text =
        raw.find('\\') == std::string_view::npos ? std::string(raw) : UnescapeJson(raw);
    ASSIGN_OR_RETURN(const bool changed, redactor.Redact(text));
    if (changed) edits.push_back({token.begin, token.end, EscapeJson(text)});
  }
  if (edits.empty()) return false;
  json = redaction::ApplyEdits(json, edits);
  Count(redactor.counts());
  return true;
}

void TextFilter::Uncover(std::string& text) const {
  const size_t first = text.find_first_not_of(" \t\r\n");
  const bool may_be_json = first != std::string::npos && (text[first] == '{' || text[first] == '[');
  std::string cleaned = text;
  if (!(may_be_json ? CleanJson(cleaned) : CleanText(cleaned))) return;
  redaction::Redactor probe(*detector_);
  std::string probed = cleaned;
  const absl::StatusOr<bool> found = may_be_json ? probe.RedactJson(probed) : probe.Redact(probed);
  // Where it does not settle, whoever redacts it says so.
  if (!found.ok() || *found) text = std::move(cleaned);
}

void TextFilter::Count(const std::array<int64_t, redaction::kDataTypes>& counts) const {
  // By type, and without a word of what was found.
  for (size_t type = 0; type < redaction::kDataTypes; ++type) {
    if (counts[type] == 0) continue;
    const auto name = redaction::DataTypeName(static_cast<redaction::DataType>(type));
    metrics_->CountRedactions(std::string(name), static_cast<double>(counts[type]));
  }
}

}  // namespace flywheel
