// The labelled set: texts of people and tools with the personal data in them marked.
#ifndef FLYWHEEL_TESTS_REDACTION_QUALITY_LABELLED_SET_H_
#define FLYWHEEL_TESTS_REDACTION_QUALITY_LABELLED_SET_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {

// The bytes [begin, end) of a text.
struct TypedSpan {
  size_t begin = 0;
  size_t end = 0;
  DataType type = DataType::kCustom;
};

struct Document {
  std::string register_name;  // "email", "tool", ...
  std::string language;       // "en", "de", ...
  std::string text;
  std::vector<TypedSpan> spans;  // In ascending order; none: a clean document.
};

enum class Role { kUser, kAgent, kToolCall, kToolResult };

struct LabelledTurn {
  Role role = Role::kUser;
  std::string text;  // JSON, of a call and its result.
};

struct PersonalValue {
  std::string value;
  DataType type = DataType::kCustom;
};

// A question and its bare answer, or a dialogue with calls of tools.
struct Conversation {
  std::string kind;  // What was asked for, "left" for what is no personal data, or "dialogue".
  std::string language;
  std::vector<LabelledTurn> turns;
  std::vector<PersonalValue> gone;  // What must be replaced wherever it stands.
  std::vector<std::string> kept;    // What must survive everywhere.
};

// The halves have no template in common. Whoever improves a recogniser may look into the first; the
// second is only measured.
enum class Half { kTune, kTest };

struct LabelledSet {
  std::vector<Document> documents;
  std::vector<Conversation> conversations;
};

// Reads tests/redaction/labelled below `source_dir`, which tools/labelled_set.py writes.
// INVALID_CONFIGURATION where a line cannot be read.
absl::StatusOr<LabelledSet> ReadLabelledSet(const std::string& source_dir, Half half);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_QUALITY_LABELLED_SET_H_
