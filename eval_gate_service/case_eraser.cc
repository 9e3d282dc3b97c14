#include "eval_gate_service/case_eraser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "eval_gate_service/store/suite_store.h"
#include "shared/rpc/report_erasures.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);
// After errors.
constexpr absl::Duration kLongestPause = absl::Seconds(30);
constexpr int64_t kSuitesPerRead = 100;
// One write takes so many cases, or so many of their outputs: others wait for the same writer.
constexpr int64_t kCasesPerWrite = 200;
constexpr int64_t kOutputsPerWrite = 200;
constexpr int64_t kReportsAtOnce = 1'000;

}  // namespace

CaseEraser::CaseEraser(sql::Database* database, ErasureClient* client, OutcomeCache* outcomes,
                       rpc::Metrics* metrics)
    : database_(database),
      client_(client),
      outcomes_(outcomes),
      loop_(
          {.name = "case_erasure", .max_backoff = kLongestPause}, [this] { return Look(); },
          metrics) {}

void CaseEraser::Stop() {
  // A call to curation that is under way would hold up the loop's end.
  client_->Cancel();
  loop_.Stop();
}

absl::StatusOr<absl::Duration> CaseEraser::Look() {
  // Step 1: what curation has erased since the last look.
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = TakePage();
  // Step 2: the suites that may hold it; step 3: the reports. What was taken in before does not
  // wait for what cannot be.
  absl::Status first_failure = more.status();
  first_failure.Update(CompareProjects());
  first_failure.Update(ReportAll());
  RETURN_IF_ERROR(first_failure);
  return kLookInterval;
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
  absl::Status first_failure;
  std::string last;
  while (!loop_.stopping()) {
    ASSIGN_OR_RETURN(std::optional<std::string> project,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasureStore(connection).NextToCompare(last);
                     }));
    if (!project) return first_failure;
    first_failure.Update(CompareProject(*project));
    last = *std::move(project);
  }
  return errors::Cancelled();
}

absl::Status CaseEraser::CompareProject(const std::string& project) {
  RETURN_IF_ERROR(RemoveOutdated(project));
  absl::Status first_failure;
  std::string last;
  while (true) {
    // Read after the erasures were taken in: a suite that is completed later has none of them.
    ASSIGN_OR_RETURN(std::vector<ComparedSuite> suites,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasureStore(connection).Suites(project, last, kSuitesPerRead);
                     }));
    if (suites.empty()) break;
    last = suites.back().suite_id;
    // What an earlier run left, whatever curation says now.
    for (const ComparedSuite& suite : suites) RETURN_IF_ERROR(EraseOutputs(suite));
    first_failure.Update(CompareSuites(std::move(suites)));
  }
  RETURN_IF_ERROR(first_failure);
  return database_->Write([&](sql::Connection& connection) {
    return ErasureStore(connection).SetAllCompared(project);
  });
}

absl::Status CaseEraser::RemoveOutdated(const std::string& project) {
  while (true) {
    ASSIGN_OR_RETURN(
        const std::optional<UnfinishedSuite> suite,
        database_->Read(
            [&](sql::Connection& connection) -> absl::StatusOr<std::optional<UnfinishedSuite>> {
              ASSIGN_OR_RETURN(const int64_t round, ErasureStore(connection).Round());
              return SuiteStore(connection).FindOutdated(project, round);
            }));
    if (!suite) return absl::OkStatus();
    for (bool removed = false; !removed;) {
      if (loop_.stopping()) return errors::Cancelled();
      ASSIGN_OR_RETURN(removed, database_->Write([&](sql::Connection& connection) {
        return SuiteStore(connection).RemoveSome(*suite, kCasesPerWrite);
      }));
    }
  }
}

absl::Status CaseEraser::CompareSuites(std::vector<ComparedSuite> suites) {
  // One question to curation a dataset version, however many suites were made of it.
  std::sort(suites.begin(), suites.end(), [](const ComparedSuite& a, const ComparedSuite& b) {
    return a.dataset_version_id < b.dataset_version_id;
  });
  absl::Status first_failure;
  for (auto begin = suites.begin(); begin != suites.end();) {
    const auto end = std::find_if(begin, suites.end(), [&](const ComparedSuite& suite) {
      return suite.dataset_version_id != begin->dataset_version_id;
    });
    first_failure.Update(CompareVersion({begin, end}));
    begin = end;
  }
  return first_failure;
}

absl::Status CaseEraser::CompareVersion(std::vector<ComparedSuite> suites) {
  const std::string& project = suites.front().project;
  const std::string& dataset_version_id = suites.front().dataset_version_id;
  // Asked first: what is erased in between is found again by the next comparison.
  ASSIGN_OR_RETURN(const int64_t erased_rows, client_->ErasedRows(project, dataset_version_id));
  const bool changed = std::any_of(suites.begin(), suites.end(), [&](const ComparedSuite& suite) {
    return suite.erased_rows != erased_rows;
  });
  // Where no suite is behind, nothing has to be fetched.
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
    outcomes_->Forget(suite.project, suite.suite_id);
    RETURN_IF_ERROR(EraseOutputs(suite));
  } while (!loop_.stopping());
  return errors::Cancelled();
}

absl::Status CaseEraser::EraseOutputs(const ComparedSuite& suite) {
  ASSIGN_OR_RETURN(const bool erasing, database_->Read([&](sql::Connection& connection) {
    return ErasureStore(connection).IsErasing(suite.project, suite.suite_id);
  }));
  if (!erasing) return absl::OkStatus();
  return sql::WriteUntilDone(*database_, [&](sql::Connection& connection) -> absl::StatusOr<bool> {
    if (loop_.stopping()) return errors::Cancelled();
    return ErasureStore(connection).EraseOutputs(suite, kOutputsPerWrite);
  });
}

absl::Status CaseEraser::ReportAll() {
  return rpc::ReportErasures(
      *database_, loop_,
      [this] {
        return database_->Read([&](sql::Connection& connection) {
          return ErasureStore(connection).Unreported(kReportsAtOnce);
        });
      },
      [this](const Erasure& erasure) { return client_->Report(erasure); },
      [this](const Erasure& erasure) {
        return database_->Write([&](sql::Connection& connection) {
          return ErasureStore(connection).SetReported(erasure);
        });
      });
}

}  // namespace flywheel::evalgate
