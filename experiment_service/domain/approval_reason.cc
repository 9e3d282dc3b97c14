#include "experiment_service/domain/approval_reason.h"

#include <fmt/format.h>

#include "shared/text/shorten.h"

namespace flywheel::experiment {

std::string ApprovalReason(const ActiveVersion& promotion) {
  if (promotion.waiver.empty()) {
    return fmt::format("promoted by experiment '{}'", promotion.experiment_id);
  }
  const std::string whole = fmt::format("promoted with a waiver of {}: {}", promotion.waiver.owner,
                                        promotion.waiver.reason);
  return std::string(Shorten(whole, kMaxApprovalReasonBytes));
}

}  // namespace flywheel::experiment
