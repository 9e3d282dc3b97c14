#include "eval_gate_service/content_inspection.h"

#include <fmt/format.h>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of a piece, beside the bound of bytes that the stores keep; some milliseconds.
constexpr int64_t kItemsPerStep = 1'000;

}  // namespace

absl::StatusOr<bool> ContentInspection::Step(sql::Connection& connection) {
  if (!begun_) {
    begun_ = true;
    ASSIGN_OR_RETURN(const bool nothing, Begin(connection));
    if (nothing) return true;
  }
  const absl::StatusOr<bool> done = IsSuite() ? TakeCases(connection) : TakeOutputs(connection);
  // What the gate wrote it can read.
  if (absl::IsInternal(done.status())) {
    Fail(fmt::format("cannot be read: {}", errors::MessageOf(done.status())));
    return true;
  }
  RETURN_IF_ERROR(done.status());
  return *done || fault_.has_value();
}

absl::StatusOr<bool> ContentInspection::Begin(sql::Connection& connection) {
  ASSIGN_OR_RETURN(sealed_, SealStore(connection).FindContent(thing_));
  if (IsSuite()) {
    ASSIGN_OR_RETURN(std::optional<StoredSuite> stored,
                     SuiteStore(connection).Find(thing_.project, thing_.resource_id));
    if (!stored) return true;
    suite_ = std::move(stored->suite);
    if (sealed_ || suite_->erased_cases == 0) return false;
    counts_ = {0, suite_->erased_cases, suite_->cases_left()};
    RETURN_IF_ERROR(CompareWithStored(connection, counts_.unchecked));
    return true;
  }
  if (sealed_) return false;
  ASSIGN_OR_RETURN(const std::optional<StoredRun> stored,
                   RunStore(connection).Find(thing_.project, thing_.resource_id));
  if (!stored) return true;
  if (of_before_) {
    counts_.unchecked = stored->run.progress.answered;
  } else {
    // Every run is sealed as it finishes, and only what is older than that says so in its entry.
    Fail("what its outputs were sealed as is gone, and its entry does not say that it is older");
  }
  return true;
}

absl::StatusOr<bool> ContentInspection::TakeCases(sql::Connection& connection) {
  ASSIGN_OR_RETURN(std::vector<SuiteCase> some,
                   SuiteStore(connection)
                       .Cases(thing_.project, thing_.resource_id, last_.case_id, kItemsPerStep,
                              /*with_questions=*/true));
  if (some.empty()) {
    RETURN_IF_ERROR(sealed_ ? EndSealed(connection) : EndUnsealed(connection));
    return true;
  }
  last_.case_id = some.back().case_id;
  counts_.checked += static_cast<int64_t>(some.size());
  for (SuiteCase& one : some) {
    if (!sealed_) {
      cases_.push_back(std::move(one));
      continue;
    }
    RETURN_IF_ERROR(TakeSeal(connection, {one.case_id, 0},
                             [&](const std::string& salt) { return CaseSeal(salt, one); }));
    if (fault_) break;
  }
  return false;
}

absl::StatusOr<bool> ContentInspection::TakeOutputs(sql::Connection& connection) {
  ASSIGN_OR_RETURN(
      const std::vector<StoredAnswer> some,
      OutputStore(connection).Answers({thing_.project, thing_.resource_id}, last_, kItemsPerStep));
  if (some.empty()) {
    RETURN_IF_ERROR(EndSealed(connection));
    return true;
  }
  last_ = {some.back().output.case_id, some.back().output.attempt};
  counts_.checked += static_cast<int64_t>(some.size());
  for (const StoredAnswer& one : some) {
    if (OutputHash(one.output) != one.facts.content_hash) {
      Fail(
          fmt::format("has another answer to case '{}' in attempt {} than the one that came: its "
                      "text was changed in the store",
                      one.output.case_id, one.output.attempt));
    } else {
      RETURN_IF_ERROR(
          TakeSeal(connection, {one.output.case_id, one.output.attempt},
                   [&](const std::string& salt) { return OutputSeal(salt, one.facts); }));
    }
    if (fault_) break;
  }
  return false;
}

absl::Status ContentInspection::TakeSeal(
    sql::Connection& connection, const OutputPlace& place,
    const std::function<std::string(const std::string& salt)>& seal) {
  ASSIGN_OR_RETURN(const std::optional<StoredSeal> stored,
                   SealStore(connection).Find(thing_, place));
  const std::string name = IsSuite() ? fmt::format("case '{}'", place.case_id)
                                     : fmt::format("what became of case '{}' in attempt {}",
                                                   place.case_id, place.attempt);
  if (!stored) {
    Fail(name + " has no seal: it was put into the store by hand");
  } else if (seal(stored->salt) != stored->seal) {
    Fail(name + " is not what it was sealed as: something of it was changed in the store");
  } else {
    seals_.Add(stored->seal);
  }
  return absl::OkStatus();
}

absl::Status ContentInspection::EndSealed(sql::Connection& connection) {
  // What was erased after it was taken is in both: the set has it once.
  ASSIGN_OR_RETURN(counts_.erased, SealStore(connection).AddErased(thing_, seals_));
  const auto found = static_cast<int64_t>(seals_.size());
  counts_.checked = found - counts_.erased;
  const char* const items = IsSuite() ? "cases" : "outputs";
  if (found < sealed_->items) {
    Fail(fmt::format("{} of its {} {} are gone, and nobody was erased with them",
                     sealed_->items - found, sealed_->items, items));
  } else if (found > sealed_->items) {
    Fail(fmt::format("it has {} more {} than it was sealed with", found - sealed_->items, items));
  } else if (seals_.Hash() != sealed_->seals_hash) {
    Fail(fmt::format("its {} are not those that it was sealed with: some were exchanged", items));
  }
  if (!fault_) RETURN_IF_ERROR(CompareWithStored(connection, counts_.checked));
  if (fault_) return absl::OkStatus();
  return IsSuite() ? CompareWithCases(connection) : CompareWithSuite(connection);
}

absl::Status ContentInspection::CompareWithStored(sql::Connection& connection, int64_t left) {
  ASSIGN_OR_RETURN(const int64_t stored,
                   IsSuite() ? SuiteStore(connection).CountCases(thing_.project, thing_.resource_id)
                             : OutputStore(connection).Count({thing_.project, thing_.resource_id}));
  if (stored != left) {
    Fail(fmt::format("the store holds {} {} of it where {} are left", stored,
                     IsSuite() ? "cases" : "outputs", left));
  }
  return absl::OkStatus();
}

absl::Status ContentInspection::CompareWithCases(sql::Connection& connection) {
  ASSIGN_OR_RETURN(const StoredSuite now,
                   SuiteStore(connection).Get(thing_.project, thing_.resource_id));
  if (now.suite.erased_cases != counts_.erased) {
    Fail(fmt::format("it counts {} erased cases, and the seals of {} are there",
                     now.suite.erased_cases, counts_.erased));
  }
  return absl::OkStatus();
}

absl::Status ContentInspection::CompareWithSuite(sql::Connection& connection) {
  ASSIGN_OR_RETURN(const Run now, RunStore(connection).Get(thing_.project, thing_.resource_id));
  ASSIGN_OR_RETURN(const bool erasing,
                   ErasureStore(connection).IsErasing(thing_.project, now.suite_id));
  // While people are erased, cases leave before their outputs.
  if (counts_.checked < now.attempts || (counts_.checked > now.attempts && !erasing)) {
    Fail(fmt::format("it has {} outputs, and the cases that are left of suite '{}' ask for {}",
                     counts_.checked, now.suite_id, now.attempts));
  }
  return absl::OkStatus();
}

absl::Status ContentInspection::EndUnsealed(sql::Connection& connection) {
  ASSIGN_OR_RETURN(const StoredSuite now,
                   SuiteStore(connection).Get(thing_.project, thing_.resource_id));
  const auto found = static_cast<int64_t>(cases_.size());
  const bool same =
      now.suite.erased_cases == 0 && SuiteHash(suite_->evaluators, cases_) == suite_->content_hash;
  cases_.clear();
  if (!same) counts_ = {0, now.suite.erased_cases, found};
  // People left while it was read; or its hash is of before suites were hashed as they are now.
  if (same || now.suite.erased_cases > 0 || of_before_) {
    return CompareWithStored(connection, now.suite.cases_left());
  }
  Fail(
      found == suite_->cases
          ? std::string("its cases are not those of its content_hash: one was changed in the store")
          : fmt::format("it has {} cases where it was made of {}, and nobody was erased", found,
                        suite_->cases));
  return absl::OkStatus();
}

void ContentInspection::Fail(std::string what) {
  fault_ = {IsSuite() ? LogBreakKind::kCasesChanged : LogBreakKind::kOutputsChanged,
            fmt::format("{} '{}': {}", IsSuite() ? "suite" : "run", thing_.resource_id, what)};
}

}  // namespace flywheel::evalgate
