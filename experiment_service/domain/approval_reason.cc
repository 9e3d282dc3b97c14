#include "experiment_service/domain/approval_reason.h"

#include <fmt/format.h>

#include "shared/text/shorten.h"

namespace flywheel::experiment {

std::string ApprovalReason(const ActiveVersion& promotion) {
  if (promotion.waiver.empty()) {
    return fmt::format("promoted by experiment '{}'", promotion.experiment_id);
  }
  const std::string by =
      promotion.experiment_id.empty()
          ? "with a waiver"
          : fmt::format("by experiment '{}' under the waiver", promotion.experiment_id);
  const std::string whole =
      fmt::format("promoted {} of {}: {}", by, promotion.waiver.owner, promotion.waiver.reason);
  return std::string(Shorten(whole, kMaxApprovalReasonBytes));
}

}  // namespace flywheel::experiment
