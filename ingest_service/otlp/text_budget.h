// Size budget for the texts of one record.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_BUDGET_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_BUDGET_H_

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "shared/text/shorten.h"

namespace flywheel::ingest {

// So many bytes for all texts of a record together: what comes first is kept whole, what does not
// fit any more is cut. Not thread-safe.
class TextBudget {
 public:
  explicit TextBudget(size_t bytes) : left_(bytes) {}

  // The beginning of `text` that fits, of at most `max_bytes`.
  std::string Take(std::string_view text, size_t max_bytes) {
    const std::string_view kept = Shorten(text, std::min(left_, max_bytes));
    cut_ = cut_ || kept.size() < text.size();
    left_ -= kept.size();
    return std::string(kept);
  }

  // The same for JSON, which becomes a string of JSON where it does not fit.
  std::string TakeJson(const std::string& json, size_t max_bytes) {
    if (json.size() <= std::min(left_, max_bytes)) return Take(json, max_bytes);
    // An escape takes up to six bytes.
    const std::string kept = Take(json, std::min(left_ / 6, max_bytes / 6));
    if (kept.empty()) return "";
    return nlohmann::json(kept).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  // False where they do not fit.
  bool TakeBytes(size_t bytes) {
    cut_ = cut_ || bytes > left_;
    const bool fits = bytes <= left_;
    left_ -= std::min(left_, bytes);
    return fits;
  }

  bool is_cut() const { return cut_; }

 private:
  size_t left_;
  bool cut_ = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_BUDGET_H_
