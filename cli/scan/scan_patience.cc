#include "cli/scan/scan_patience.h"

namespace flywheel::cli {

void ScanPatience::Note(const ingest::v1::StoreScan& scan) {
  const auto [known, is_new] = records_.try_emplace(scan.project(), scan.records());
  if (!is_new && scan.records() <= known->second) return;
  known->second = scan.records();
  failing_since_ = std::nullopt;
}

bool ScanPatience::IsOver() {
  const absl::Time now = now_();
  if (!failing_since_) failing_since_ = now;
  return now - *failing_since_ >= kMax;
}

}  // namespace flywheel::cli
