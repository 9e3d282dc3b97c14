#include "eval_gate_service/release_policies.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::evalgate {
namespace {

absl::Status NoPolicy(const std::string& agent, bool any) {
  return errors::NotFound(
      any ? "release policy of this number, of agent" : "release policy of agent", agent,
      any ? "ListReleasePolicies lists them; 0 is the one that stands."
          : "An owner sets one by SetReleasePolicy.");
}

// Where no floor says what is enough, whoever answers for the baseline does.
absl::Status CheckBaselineIsGuarded(const rpc::Actor& actor, const ReleasePolicy& policy) {
  if (actor.key_id.empty() || !policy.judges.empty()) return absl::OkStatus();
  for (const SuiteRequirement& suite : policy.suites) {
    if (suite.bar.has_floors() || suite.bar.point_floor > 0) continue;
    return errors::InvalidArgument(
        "judges", "none",
        fmt::format("the keys that may submit outputs: the bar of suite '{}' has no floor, so that "
                    "whoever answers for the baseline sets it; or a pass_rate_floor",
                    suite.suite_name));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Created<ReleasePolicy>> ReleasePolicies::Set(const rpc::Actor& actor,
                                                            ReleasePolicy policy) {
  const std::string hash = RequestHash(policy);
  RETURN_IF_ERROR(CheckBaselineIsGuarded(actor, policy));
  for (SuiteRequirement& suite : policy.suites) {
    if (suite.bar.evaluators.empty()) continue;
    ASSIGN_OR_RETURN(suite.bar.evaluators, Grader::Complete(std::move(suite.bar.evaluators)));
  }
  const std::string id = fmt::format("{} of agent '{}'", policy.policy_version, policy.agent);
  policy.create_time = StoredTime(clock_->Now());
  policy.created_by = actor.key_id;
  std::optional<ReleasePolicy> earlier;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    PolicyStore store(connection);
    ASSIGN_OR_RETURN(std::optional<StoredPolicy> known,
                     store.Find(actor.project, policy.agent, policy.policy_version));
    ASSIGN_OR_RETURN(const bool replayed, sql::IsReplay(known, hash, "release policy", id));
    if (replayed) {
      earlier = std::move(known->policy);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::optional<StoredPolicy> current,
                     store.FindCurrent(actor.project, policy.agent));
    const int64_t next = current ? current->policy.policy_version + 1 : 1;
    if (policy.policy_version != next) {
      return errors::FailedPrecondition(
          Reason::kOutdated, "release policy", id, fmt::format("{}", policy.policy_version),
          fmt::format("policy_version {}, the next one: look at the one that stands first", next));
    }
    RETURN_IF_ERROR(store.Insert(actor.project, {policy, hash}));
    RETURN_IF_ERROR(ReleaseLogStore(connection)
                        .Append(actor.project,
                                {ReleaseKind::kReleasePolicy, policy.agent,
                                 fmt::format("{}", policy.policy_version)},
                                actor.key_id, policy.create_time));
    return audit::Record(
        connection, actor,
        {"release policy", policy.agent, fmt::format("version {}", policy.policy_version)},
        policy.create_time);
  }));
  if (earlier) return Created<ReleasePolicy>{*std::move(earlier), /*replayed=*/true};
  return Created<ReleasePolicy>{std::move(policy), /*replayed=*/false};
}

absl::StatusOr<PolicyState> ReleasePolicies::Get(const std::string& project,
                                                 const std::string& agent, int64_t policy_version) {
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<PolicyState> {
    PolicyStore store(connection);
    ASSIGN_OR_RETURN(std::optional<StoredPolicy> current, store.FindCurrent(project, agent));
    if (!current) return NoPolicy(agent, /*any=*/false);
    ASSIGN_OR_RETURN(const Baselines baselines,
                     FindBaselines(connection, project, current->policy));
    if (policy_version == 0) return PolicyState{std::move(current->policy), baselines};
    ASSIGN_OR_RETURN(std::optional<StoredPolicy> found, store.Find(project, agent, policy_version));
    if (!found) return NoPolicy(agent, /*any=*/true);
    return PolicyState{std::move(found->policy), baselines};
  });
}

absl::StatusOr<ListPage<ReleasePolicy>> ReleasePolicies::List(const std::string& project,
                                                              const ListFilter& filter,
                                                              int64_t beyond, int64_t page_size) {
  ASSIGN_OR_RETURN(ListPage<StoredPolicy> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<StoredPolicy>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return PolicyStore(connection)
              .List(project, {filter.agent, filter.oldest_first, from}, limit);
        },
        [&](const StoredPolicy& one) {
          return filter.Matches(one.policy.create_time, one.policy.labels);
        });
  }));
  return ValuesOf(std::move(page), &StoredPolicy::policy);
}

}  // namespace flywheel::evalgate
