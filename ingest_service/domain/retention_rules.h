// Retention rules: from which age on records are compressed, archived, thinned or deleted.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_RETENTION_RULES_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_RETENTION_RULES_H_

#include <algorithm>

#include "absl/time/time.h"

namespace flywheel::ingest {

// Ages count from the commit; infinite: never. Each rule stands for itself: what is old enough for
// two gets both, the one that takes more away first.
struct RetentionRules {
  // Payloads are compressed in their rows.
  absl::Duration compress_after = absl::InfiniteDuration();
  // Payloads move to the archive.
  absl::Duration archive_after = absl::InfiniteDuration();
  // Of the interactions that neither failed nor have a signal, the share `thin_share` stays.
  absl::Duration thin_after = absl::InfiniteDuration();
  // Interactions and signals leave, with all that is known of them.
  absl::Duration delete_after = absl::InfiniteDuration();
  // Above 0, at most 1.
  double thin_share = 0.1;

  bool any() const {
    return std::min({compress_after, archive_after, thin_after, delete_after}) <
           absl::InfiniteDuration();
  }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_RETENTION_RULES_H_
