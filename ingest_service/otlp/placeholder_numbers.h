// Renumbers redaction placeholders of a trace from keyed hashes to small numbers.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_PLACEHOLDER_NUMBERS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_PLACEHOLDER_NUMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace flywheel::ingest {

// Turns "[EMAIL_523400817366]" of a waiting span into "[EMAIL_1]": equal placeholders of a trace
// stay equal, others stay different, also from those that the texts brought with them. Show() it
// all texts first, then Number() them. Not thread-safe.
class PlaceholderNumbers {
 public:
  // Notes the numbers that senders gave.
  void Show(std::string_view text);
  void Number(std::string& text);

 private:
  absl::flat_hash_map<std::string, int64_t> last_numbers_;  // By label.
  absl::flat_hash_map<std::string, std::string> numbered_;  // By what stood in the span.
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_PLACEHOLDER_NUMBERS_H_
