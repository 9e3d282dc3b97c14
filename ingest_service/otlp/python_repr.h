// Parses values as Python shows them: its repr of dictionaries, lists and objects.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_PYTHON_REPR_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_PYTHON_REPR_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace flywheel::ingest {

// Whether a text begins as a dictionary or an object does: {'question': ..., Message(role=...,
// <class '...'>; or as a list of such.
bool IsPythonRepr(std::string_view text);

// The value: dictionaries and objects as objects, by the names of their fields; tuples and sets as
// lists; of an enum its value; null for what shows nothing of itself (<function f at 0x7f>).
// nullopt for what is no repr, or not whole, or deeper than 64 levels.
std::optional<nlohmann::json> ParsePythonRepr(std::string_view text);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_PYTHON_REPR_H_
