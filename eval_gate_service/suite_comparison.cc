#include "eval_gate_service/suite_comparison.h"

#include <utility>
#include <vector>

#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kComparedPerRead = 500;

// The cases of a suite one after the other, read in pages.
class CaseCursor {
 public:
  CaseCursor(sql::Database& database, const std::string& project, const std::string& suite_id)
      : database_(database), project_(project), suite_id_(suite_id) {}

  // Reads a page where the last one is used up.
  absl::Status Fill() {
    if (next_ < page_.size() || ended_) return absl::OkStatus();
    const std::string last = page_.empty() ? "" : page_.back().case_id;
    ASSIGN_OR_RETURN(page_, database_.Read([&](sql::Connection& connection) {
      return SuiteStore(connection)
          .Cases(project_, suite_id_, last, kComparedPerRead, /*with_questions=*/true);
    }));
    next_ = 0;
    ended_ = page_.empty();
    return absl::OkStatus();
  }

  bool ended() const { return ended_; }
  SuiteCase& current() { return page_[next_]; }
  void Advance() { ++next_; }

 private:
  sql::Database& database_;
  const std::string& project_;
  const std::string& suite_id_;
  std::vector<SuiteCase> page_;
  size_t next_ = 0;
  bool ended_ = false;
};

CaseDifference OneSided(CaseChange change, SuiteCase& one) {
  return {one.case_id, change, {}, std::move(one.input)};
}

}  // namespace

absl::Status SuiteComparison::Compare(
    const rpc::Actor& actor, const std::string& suite_id, const std::string& other_suite_id,
    absl::FunctionRef<absl::Status(CaseDifference)> on_difference) const {
  const std::string& project = actor.project;
  for (const std::string& id : {suite_id, other_suite_id}) {
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, id));
      return RequireJudge(connection, actor, IdentityOf(stored.suite));
    }));
  }
  CaseCursor first(*database_, project, suite_id);
  CaseCursor second(*database_, project, other_suite_id);
  while (true) {
    RETURN_IF_ERROR(first.Fill());
    RETURN_IF_ERROR(second.Fill());
    if (first.ended() && second.ended()) return absl::OkStatus();
    const bool only_first =
        second.ended() || (!first.ended() && first.current().case_id < second.current().case_id);
    const bool only_second =
        first.ended() || (!second.ended() && second.current().case_id < first.current().case_id);
    if (only_first) {
      RETURN_IF_ERROR(on_difference(OneSided(CaseChange::kRemoved, first.current())));
      first.Advance();
    } else if (only_second) {
      RETURN_IF_ERROR(on_difference(OneSided(CaseChange::kAdded, second.current())));
      second.Advance();
    } else {
      std::vector<std::string> changed = ChangedParts(first.current(), second.current());
      if (!changed.empty()) {
        CaseDifference difference = OneSided(CaseChange::kChanged, second.current());
        difference.changed = std::move(changed);
        RETURN_IF_ERROR(on_difference(std::move(difference)));
      }
      first.Advance();
      second.Advance();
    }
  }
}

}  // namespace flywheel::evalgate
