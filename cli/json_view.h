// JSON reader for files of others: an error says what, where and what was wanted.
#ifndef FLYWHEEL_CLI_JSON_VIEW_H_
#define FLYWHEEL_CLI_JSON_VIEW_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::cli {

// Parses one JSON text; a lone half of a surrogate pair reads as U+FFFD. INVALID_ARGUMENT with line
// and byte where it is malformed; `name` is the file's, `first_line` the line of the file where
// `text` begins.
absl::StatusOr<nlohmann::json> ParseJson(std::string_view text, std::string_view name,
                                         int64_t first_line = 1);

// INVALID_ARGUMENT that says where in a file what stands and what was wanted. A file is mended, not
// sent again, so these errors are not those of a request.
absl::Status WrongInFile(std::string_view where, std::string_view got, std::string_view want);

// A value and its place in the file, such as "airline.json: [3].traj[5].role". The JSON outlives
// the view.
class JsonView {
 public:
  JsonView(const nlohmann::json& value, std::string where)
      : value_(&value), where_(std::move(where)) {}

  const nlohmann::json& value() const { return *value_; }
  const std::string& where() const { return where_; }

  // A member of an object; INVALID_ARGUMENT where this is no object or has no such member.
  absl::StatusOr<JsonView> Field(const char* name) const;
  // The member, or nothing where it is missing or null.
  std::optional<JsonView> OptionalField(const char* name) const;

  // The value as a type; INVALID_ARGUMENT where it has another.
  absl::StatusOr<std::string> Text() const;
  absl::StatusOr<double> Number() const;
  absl::StatusOr<std::vector<JsonView>> Items() const;

  // A text or a whole number as text.
  absl::StatusOr<std::string> TextOrInteger() const;

  // INVALID_ARGUMENT that names this place, what stands there and what should.
  absl::Status Wrong(std::string_view want) const;

 private:
  const nlohmann::json* value_;
  std::string where_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_JSON_VIEW_H_
