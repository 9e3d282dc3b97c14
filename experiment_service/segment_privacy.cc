#include "experiment_service/segment_privacy.h"

#include <fmt/format.h>

#include <cmath>

#include "experiment_service/assignment_salt.h"
#include "experiment_service/domain/noisy_segments.h"
#include "experiment_service/store/epsilon_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Above it there is hardly any noise, and so no protection.
constexpr double kMaxEpsilon = 100;
constexpr double kMaxBudget = 1e6;

std::string EpsilonText(int64_t millionths) {
  return fmt::format("{}", static_cast<double>(millionths) / kMillionthsPerEpsilon);
}

absl::StatusOr<int64_t> MillionthsOf(const char* flag, double epsilon, double most) {
  const bool in_range = epsilon == 0 || (epsilon >= 1e-6 && epsilon <= most);  // Not NaN.
  if (!in_range) {
    return errors::InvalidConfiguration(flag, fmt::format("{}", epsilon),
                                        fmt::format("0, or 0.000001 to {}", most));
  }
  return std::llround(epsilon * kMillionthsPerEpsilon);
}

// Of the period in which `now` is.
absl::Time StartOfPeriod(absl::Time now, absl::Duration period) {
  return absl::UnixEpoch() + absl::Floor(now - absl::UnixEpoch(), period);
}

}  // namespace

absl::StatusOr<SegmentPrivacy> SegmentPrivacy::FromFlags(int64_t least_group_size, double epsilon,
                                                         double budget, int64_t period_days) {
  SegmentPrivacy privacy;
  privacy.least_group_size = least_group_size;
  ASSIGN_OR_RETURN(privacy.epsilon, MillionthsOf("--segment-epsilon", epsilon, kMaxEpsilon));
  ASSIGN_OR_RETURN(privacy.budget, MillionthsOf("--segment-epsilon-budget", budget, kMaxBudget));
  privacy.period = absl::Hours(24) * period_days;
  if (privacy.epsilon > privacy.budget) {
    return errors::InvalidConfiguration(
        "--segment-epsilon-budget", EpsilonText(privacy.budget),
        fmt::format("at least --segment-epsilon, {}, which one answer costs",
                    EpsilonText(privacy.epsilon)));
  }
  return privacy;
}

absl::StatusOr<PaidAnswer> EpsilonBudget::Pay(const std::string& project,
                                              const std::string& answer_hash) {
  const absl::Time now = StoredTime(clock_->Now());
  const absl::Time start = StartOfPeriod(now, privacy_.period);
  // Two make 32 bytes.
  ASSIGN_OR_RETURN(std::string fresh_key, RandomSalt());
  ASSIGN_OR_RETURN(const std::string second_half, RandomSalt());
  fresh_key += second_half;
  return database_->Write([&](sql::Connection& connection) -> absl::StatusOr<PaidAnswer> {
    EpsilonStore store(connection);
    PaidAnswer paid;
    paid.reset_time = start + privacy_.period;
    ASSIGN_OR_RETURN(paid.noise_key, store.FindOrInsertKey(project, fresh_key));
    ASSIGN_OR_RETURN(const bool known, store.IsPaid(project, answer_hash));
    ASSIGN_OR_RETURN(paid.spent, store.SpentSince(project, start));
    if (known) return paid;
    if (paid.spent + privacy_.epsilon > privacy_.budget) {
      return errors::PrivacyBudgetSpent(project, EpsilonText(paid.spent),
                                        EpsilonText(privacy_.budget), TimeText(paid.reset_time));
    }
    RETURN_IF_ERROR(store.DeleteBefore(project, start));
    RETURN_IF_ERROR(store.Insert(project, answer_hash, privacy_.epsilon, now));
    paid.spent += privacy_.epsilon;
    paid.charged = true;
    return paid;
  });
}

}  // namespace flywheel::experiment
