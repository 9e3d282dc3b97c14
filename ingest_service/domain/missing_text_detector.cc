#include "ingest_service/domain/missing_text_detector.h"

namespace flywheel::ingest {

std::optional<int64_t> MissingTextDetector::Note(const std::string& project, ModelText text,
                                                 absl::Time now) {
  if (text == ModelText::kNoCalls) return std::nullopt;
  if (rows_.size() >= kMaxProjects && !rows_.contains(project)) rows_.clear();
  State& row = rows_[project];
  if (text == ModelText::kSome) {
    row.traces = 0;
    return std::nullopt;
  }
  ++row.traces;
  const bool due = row.traces >= kTraces && now >= row.warn_time + kInterval;
  if (!due) return std::nullopt;
  row.warn_time = now;
  return row.traces;
}

int64_t MissingTextDetector::Row(const std::string& project) const {
  const auto row = rows_.find(project);
  return row == rows_.end() || row->second.traces < kTraces ? 0 : row->second.traces;
}

}  // namespace flywheel::ingest
