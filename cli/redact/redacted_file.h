// A file as its texts would be stored, and what was replaced in it.
#ifndef FLYWHEEL_CLI_REDACT_REDACTED_FILE_H_
#define FLYWHEEL_CLI_REDACT_REDACTED_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/pii_detector.h"

namespace flywheel::cli {

// A value that is replaced.
struct FoundValue {
  // From 1; the column counts characters. Of the file as it was cleaned (redaction/scan.h).
  int64_t line = 0;
  int64_t column = 0;
  std::string type;
  // The recogniser's name, or "key", "answer" or "known".
  std::string recogniser;
  std::string value;
  std::string placeholder;
};

struct RedactedFile {
  // As it would be stored.
  std::string text;
  // In the order of the file.
  std::vector<FoundValue> found;
};

// Redacts a file as ingest would its texts. JSON stays JSON. Where every line is JSON (JSONL), each
// is a thing of its own, whose placeholders begin at 1 again; all else is one text.
// INVALID_ARGUMENT where replacing does not come to an end.
absl::StatusOr<RedactedFile> RedactFileText(const redaction::PiiDetector& detector,
                                            std::string_view content);

// For people: a row a value, where it stands, what it is, who says so, and what it becomes.
std::string ExplanationTable(const RedactedFile& file);

// For machines: {"text": ..., "found": [{"line": ..., ...}]}, and a line break.
std::string ExplanationJson(const RedactedFile& file);

// "3 values: 1 EMAIL, 2 NAME"; "nothing".
std::string FoundInWords(const RedactedFile& file);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_REDACT_REDACTED_FILE_H_
