#include "shared/privacy/text_filter.h"

#include "redaction/redactor.h"

namespace flywheel {

TextFilter::Together::Together(const TextFilter& filter) : filter_(filter) {
  if (filter.detector_.has_value()) redactor_.emplace(*filter.detector_);
}

void TextFilter::Together::Add(std::string* text, redaction::Speaker speaker) {
  if (redactor_.has_value()) redactor_->Add(speaker, text);
}

absl::Status TextFilter::Together::Redact() {
  if (!redactor_.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(redactor_->Finish().status());
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
  redaction::Redactor redactor(*detector_);
  RETURN_IF_ERROR(redactor.Redact(text).status());
  Count(redactor.counts());
  return absl::OkStatus();
}

absl::StatusOr<bool> TextFilter::RedactJson(std::string& json) const {
  if (!detector_.has_value() || json.empty()) return false;
  redaction::Redactor redactor(*detector_);
  ASSIGN_OR_RETURN(const bool changed, redactor.RedactJson(json));
  Count(redactor.counts());
  return changed;
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
