// JSON object: what the arguments of a tool call and the schema of a tool have to be.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_JSON_OBJECT_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_JSON_OBJECT_H_

#include <string_view>

namespace flywheel::curation {

// Deeper ones are refused: who writes or compares a value recurses once a level.
inline constexpr int kMaxJsonNesting = 128;

// A JSON object (RFC 8259) of at most kMaxJsonNesting levels. Linear, and needs no stack.
bool IsJsonObject(std::string_view text);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_JSON_OBJECT_H_
