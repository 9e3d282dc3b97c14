#include "eval_gate_service/case_eraser.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/store/suite_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::evalgate {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);
// After an error.
constexpr absl::Duration kShortestPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(30);
// For a reader that still looks at an older snapshot, as a judgement does for a second.
constexpr absl::Duration kReaderPause = absl::Milliseconds(20);
// One write takes so many cases, with the outputs of every version.
constexpr int64_t kCasesPerWrite = 200;
constexpr int64_t kReportsAtOnce = 1'000;

}  // namespace

CaseEraser::CaseEraser(sql::Database* database, ErasureClient* client)
    : database_(database), client_(client), thread_([this] { Run(); }) {}

void CaseEraser::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  client_->Cancel();
  if (thread_.joinable()) thread_.join();
}

bool CaseEraser::Pause(absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
  return !stopping_;
}

void CaseEraser::Run() {
  absl::Duration error_pause = kShortestPause;
  for (bool going = true; going;) {
    const absl::Status status = Look();
    Note(status);
    going = Pause(status.ok() ? kLookInterval : error_pause);
    error_pause = status.ok() ? kShortestPause : std::min(2 * error_pause, kLongestPause);
  }
}

// The same error every second would bury everything else.
void CaseEraser::Note(const absl::Status& status) {
  if (errors::ReasonOf(status) == Reason::kCancelled) return;
  const std::string error = status.ok() ? "" : errors::MessageOf(status);
  if (error == std::exchange(last_error_, error)) return;
  if (status.ok()) {
    spdlog::info("event=erasures_followed address={}", client_->address());
  } else {
    spdlog::warn("event=erasures_wait reason={} message={}", ReasonName(errors::ReasonOf(status)),
                 Quoted(error));
  }
}

absl::Status CaseEraser::Look() {
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = TakePage();
  // What was taken in before does not wait for what cannot be.
  absl::Status first_failure = more.status();
  first_failure.Update(CompareProjects());
  first_failure.Update(ReportAll());
  return first_failure;
}

absl::StatusOr<bool> CaseEraser::TakePage() {
  ASSIGN_OR_RETURN(const int64_t cursor, database_->Read([&](sql::Connection& connection) {
    return ErasureStore(connection).Cursor();
  }));
  ASSIGN_OR_RETURN(const ErasurePage page, client_->List(cursor));
  if (page.erasures.empty() && page.next_cursor == cursor) return false;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return ErasureStore(connection).TakeIn(page.next_cursor, page.erasures);
  }));
  return true;
}

absl::Status CaseEraser::CompareProjects() {
  ASSIGN_OR_RETURN(const std::vector<std::string> projects,
                   database_->Read([&](sql::Connection& connection) {
                     return ErasureStore(connection).ProjectsToCompare();
                   }));
  absl::Status first_failure;
  for (const std::string& project : projects) {
    if (!Pause(absl::ZeroDuration())) return errors::Cancelled();
    first_failure.Update(CompareProject(project));
  }
  return first_failure;
}

absl::Status CaseEraser::CompareProject(const std::string& project) {
  RETURN_IF_ERROR(RemoveOutdated(project));
  // Read after the erasures were taken in: a suite that is completed later has none of them.
  ASSIGN_OR_RETURN(std::vector<ComparedSuite> suites,
                   database_->Read([&](sql::Connection& connection) {
                     return ErasureStore(connection).Suites(project);
                   }));
  absl::Status first_failure;
  for (auto begin = suites.begin(); begin != suites.end();) {
    const auto end = std::find_if(begin, suites.end(), [&](const ComparedSuite& suite) {
      return suite.dataset_version_id != begin->dataset_version_id;
    });
    first_failure.Update(CompareVersion({begin, end}));
    begin = end;
  }
  RETURN_IF_ERROR(first_failure);
  return database_->Write([&](sql::Connection& connection) {
    return ErasureStore(connection).SetAllCompared(project);
  });
}

absl::Status CaseEraser::RemoveOutdated(const std::string& project) {
  std::vector<UnfinishedSuite> suites;
  int64_t round = 0;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(suites, SuiteStore(connection).Unfinished());
    ASSIGN_OR_RETURN(round, ErasureStore(connection).Round());
    return absl::OkStatus();
  }));
  for (const UnfinishedSuite& suite : suites) {
    if (suite.project != project || suite.erasure_round == round) continue;
    for (bool removed = false; !removed;) {
      if (!Pause(absl::ZeroDuration())) return errors::Cancelled();
      ASSIGN_OR_RETURN(removed, database_->Write([&](sql::Connection& connection) {
        return SuiteStore(connection).RemoveSome(suite, kCasesPerWrite);
      }));
    }
  }
  return absl::OkStatus();
}

absl::Status CaseEraser::CompareVersion(std::vector<ComparedSuite> suites) {
  const std::string& project = suites.front().project;
  const std::string& dataset_version_id = suites.front().dataset_version_id;
  // Asked first: what is erased in between is found again by the next comparison.
  ASSIGN_OR_RETURN(const int64_t erased_rows, client_->ErasedRows(project, dataset_version_id));
  const bool changed = std::any_of(suites.begin(), suites.end(), [&](const ComparedSuite& suite) {
    return suite.erased_rows != erased_rows;
  });
  absl::flat_hash_set<std::string> remaining;
  if (changed) {
    ASSIGN_OR_RETURN(remaining, client_->RemainingRows(project, dataset_version_id));
  }
  for (ComparedSuite& suite : suites) {
    if (suite.erased_rows == erased_rows) continue;
    RETURN_IF_ERROR(EraseMissing(suite, remaining));
    suite.erased_rows = erased_rows;
    RETURN_IF_ERROR(database_->Write(
        [&](sql::Connection& connection) { return ErasureStore(connection).SetCompared(suite); }));
  }
  return absl::OkStatus();
}

absl::Status CaseEraser::EraseMissing(const ComparedSuite& suite,
                                      const absl::flat_hash_set<std::string>& remaining) {
  std::string last;
  do {
    ASSIGN_OR_RETURN(std::vector<std::string> case_ids,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasureStore(connection).CaseIds(suite, last, kCasesPerWrite);
                     }));
    if (case_ids.empty()) return absl::OkStatus();
    last = case_ids.back();
    std::erase_if(case_ids, [&](const std::string& id) { return remaining.contains(id); });
    if (case_ids.empty()) continue;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
      return ErasureStore(connection).EraseCases(suite, case_ids);
    }));
  } while (Pause(absl::ZeroDuration()));
  return errors::Cancelled();
}

absl::Status CaseEraser::ReportAll() {
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Erasure> erasures,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasureStore(connection).Unreported(kReportsAtOnce);
                     }));
    if (erasures.empty()) return absl::OkStatus();
    for (bool empty = false; !empty;) {
      ASSIGN_OR_RETURN(empty, database_->TruncateWal());
      if (!empty && !Pause(kReaderPause)) return errors::Cancelled();
    }
    for (const Erasure& erasure : erasures) {
      absl::Status told = client_->Report(erasure);
      if (!told.ok() && errors::ReasonOf(told) != Reason::kNotFound) return told;
      spdlog::info("event=erased project={} erasure_id={} rows={} known={}", erasure.project,
                   erasure.erasure_id, erasure.erased_rows, told.ok());
      RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
        return ErasureStore(connection).SetReported(erasure);
      }));
    }
  }
}

}  // namespace flywheel::evalgate
