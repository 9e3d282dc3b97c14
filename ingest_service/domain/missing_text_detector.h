// Detector of missing message content: projects whose traces call models and carry no text.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_MISSING_TEXT_DETECTOR_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_MISSING_TEXT_DETECTOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel::ingest {

// What a trace has of the words that went to models and came from them.
enum class ModelText { kNoCalls, kNone, kSome };

// Many instrumentations record no text until they are told to, and nothing fails: every interaction
// is just empty. One such trace may be meant so; a row of them is a switch that nobody turned. Not
// thread-safe.
class MissingTextDetector {
 public:
  // So many traces in a row are worth a warning.
  static constexpr int64_t kTraces = 20;
  // Between two warnings of a project.
  static constexpr absl::Duration kInterval = absl::Hours(1);
  // With more projects than this all begin anew.
  static constexpr size_t kMaxProjects = 10'000;

  // Notes a trace. Returns how many in a row had no text where a warning is due, which counts as
  // given then; else nothing. Traces without calls of models do not count either way.
  std::optional<int64_t> Note(const std::string& project, ModelText text, absl::Time now);

  // How many in a row had no text up to now, where they are worth a warning; else 0.
  int64_t Row(const std::string& project) const;

 private:
  struct State {
    int64_t traces = 0;
    absl::Time warn_time = absl::InfinitePast();
  };
  std::map<std::string, State> rows_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_MISSING_TEXT_DETECTOR_H_
