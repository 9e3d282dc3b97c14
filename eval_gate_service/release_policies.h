// Use cases SetReleasePolicy, GetReleasePolicy and ListReleasePolicies.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_POLICIES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_POLICIES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// A policy, and what candidates are compared with now.
struct PolicyState {
  ReleasePolicy policy;
  Baselines baselines;
};

// The release policies of all agents. Thread-safe; the pointers outlive this object.
class ReleasePolicies {
 public:
  ReleasePolicies(sql::Database* database, const Clock* clock)
      : database_(database), clock_(clock) {}

  // Sets the agent's next policy; its time and key are ours. OUTDATED where its number is not the
  // next one; ALREADY_EXISTS_WITH_OTHER_CONTENT where another one has it.
  absl::StatusOr<Created<ReleasePolicy>> Set(const rpc::Actor& actor, ReleasePolicy policy);

  // `policy_version` 0: the one that stands. NOT_FOUND.
  absl::StatusOr<PolicyState> Get(const std::string& project, const std::string& agent,
                                  int64_t policy_version);

  // Up to `page_size` beyond an ordinal; 0: from the beginning.
  absl::StatusOr<ListPage<ReleasePolicy>> List(const std::string& project, const ListFilter& filter,
                                               int64_t beyond, int64_t page_size);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RELEASE_POLICIES_H_
