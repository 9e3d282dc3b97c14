#include "shared/privacy/text_filter.h"

#include "redaction/redactor.h"
#include "shared/privacy/redaction_counts.h"
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
  CountRedactions(redactor_->counts(), *filter_.metrics_);
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
  CountRedactions(redactor.counts(), *metrics_);
  return absl::OkStatus();
}

void TextFilter::Uncover(std::string& text) const {
  const bool may_be_json = MayBeJson(text);
  std::string cleaned = text;
  if (!(may_be_json ? CleanJson(cleaned) : CleanText(cleaned))) return;
  redaction::Redactor probe(*detector_);
  std::string probed = cleaned;
  const absl::StatusOr<bool> found = may_be_json ? probe.RedactJson(probed) : probe.Redact(probed);
  // Where it does not settle, whoever redacts it says so.
  if (!found.ok() || *found) text = std::move(cleaned);
}

}  // namespace flywheel
