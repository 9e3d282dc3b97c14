#include "redaction/conversation/personal_span.h"

#include <algorithm>

namespace flywheel::redaction {

bool SpreadsByItself(DataType type) {
  switch (type) {
    case DataType::kIpAddress:
    case DataType::kMacAddress:
    case DataType::kUrlCredentials:
    case DataType::kPrivateKey:
    case DataType::kLocation:
    case DataType::kOrganisation:
    case DataType::kPlace:
    case DataType::kDate:
    case DataType::kAge:
      return true;
    default:
      return false;
  }
}

void MergeSpans(std::vector<PersonalSpan>& spans) {
  const auto before = [](const PersonalSpan& a, const PersonalSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  };
  // What one detector found is in order already.
  if (!std::is_sorted(spans.begin(), spans.end(), before)) {
    std::stable_sort(spans.begin(), spans.end(), before);
  }
  size_t kept = 0;
  for (size_t i = 1; i < spans.size(); ++i) {
    PersonalSpan& last = spans[kept];
    if (spans[i].begin >= last.end) {
      spans[++kept] = spans[i];
    } else {
      last.end = std::max(last.end, spans[i].end);
      last.spread = std::max(last.spread, spans[i].spread);
      last.is_bare = last.is_bare || spans[i].is_bare;
    }
  }
  if (!spans.empty()) spans.resize(kept + 1);
}

}  // namespace flywheel::redaction
