// Repairs JSON texts that a sender cut, or whose texts hold halves of characters.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_JSON_REPAIR_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_JSON_REPAIR_H_

#include <string>
#include <string_view>

namespace flywheel::ingest {

struct RepairedJson {
  std::string text;
  // The end was missing.
  bool cut = false;
};

// What is likely to parse where `json` does not: lone surrogates ("\ud83e") become U+FFFD, line
// breaks inside texts are escaped, and where the end is missing, the text that was begun and all
// brackets are closed. What is no JSON stays none.
RepairedJson RepairJson(std::string_view json);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_JSON_REPAIR_H_
