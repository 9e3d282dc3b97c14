// Look-ups in JSON that has many shapes.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_JSON_MEMBERS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_JSON_MEMBERS_H_

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <vector>

namespace flywheel::ingest {

// The member of an object; null where there is none, so that look-ups can be chained.
const nlohmann::json& Member(const nlohmann::json& object, const char* key);

// The first member that is not null.
const nlohmann::json& AnyMember(const nlohmann::json& object,
                                std::initializer_list<const char*> keys);

// The items of a list, and of an object whose keys are numbers, as flattened names make them, in
// the order of the numbers; nothing of anything else.
std::vector<const nlohmann::json*> Items(const nlohmann::json& list);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_JSON_MEMBERS_H_
