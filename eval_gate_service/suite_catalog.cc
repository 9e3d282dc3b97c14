#include "eval_gate_service/suite_catalog.h"

#include <optional>
#include <utility>

#include "eval_gate_service/domain/case_copies.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/suite_cases.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each further one means that people were erased during the one before.
constexpr int kMostRounds = 10;

}  // namespace

absl::StatusOr<Created<Suite>> SuiteCatalog::Create(const rpc::Actor& actor, SuiteRequest request,
                                                    const Deadline& deadline) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(request.evaluators, Grader::Complete(std::move(request.evaluators)));
  // A replay first: it needs no curation.
  const std::string hash =
      SuiteRequestHash(request.dataset_version_id, WithoutVersions(request.evaluators),
                       request.suite_name, request.labels);
  ASSIGN_OR_RETURN(std::optional<Suite> earlier,
                   writer_->FindMade(project, request.suite_id, hash));
  if (earlier) return Created<Suite>{*std::move(earlier), /*replayed=*/true};

  for (int round = 0; round < kMostRounds; ++round) {
    ASSIGN_OR_RETURN(SuiteDraft draft, MakeDraft(actor, request, hash, deadline));
    ASSIGN_OR_RETURN(std::optional<Created<Suite>> kept, writer_->Keep(actor, draft, deadline));
    if (kept) return *std::move(kept);
  }
  return errors::ChangedMeanwhile("suite", request.suite_id, "people are erased while it is made");
}

absl::StatusOr<SuiteDraft> SuiteCatalog::MakeDraft(const rpc::Actor& actor,
                                                   const SuiteRequest& request,
                                                   const std::string& request_hash,
                                                   const Deadline& deadline) {
  SuiteDraft draft;
  // Before curation is asked: what is erased from here on makes the draft outdated.
  ASSIGN_OR_RETURN(draft.made.erasure_round, database_->Read([&](sql::Connection& connection) {
    return ErasureStore(connection).Round();
  }));
  ASSIGN_OR_RETURN(EvalSide side,
                   curation_->ReadEvalSide(actor.project, request.dataset_version_id, deadline));
  // Before anything is written for a key that may not.
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) {
    return RequireJudge(connection, actor,
                        {side.agent, request.suite_name, request.dataset_version_id});
  }));
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(request.evaluators));
  ASSIGN_OR_RETURN(draft.cases, SelectCases(request.dataset_version_id, std::move(side.rows),
                                            [&](const SuiteCase& one) -> absl::StatusOr<bool> {
                                              RETURN_IF_ERROR(deadline.Check());
                                              return grader.CanJudge(one);
                                            }));
  RETURN_IF_ERROR(GroupCopies(draft.cases, deadline));
  const CaseSource source{"dataset version", request.dataset_version_id,
                          "build a version whose cohort_attribute has fewer values"};
  RETURN_IF_ERROR(CheckCases(source, grader.looks_at(), draft.cases));
  draft.made.suite = {request.suite_id,
                      request.dataset_version_id,
                      std::move(side.agent),
                      request.evaluators,
                      static_cast<int64_t>(draft.cases.size()),
                      SuiteHash(request.evaluators, draft.cases),
                      clock_->Now()};
  draft.made.suite.created_by = actor.key_id;
  draft.made.suite.labels = request.labels;
  draft.made.suite.suite_name = request.suite_name;
  draft.made.request_hash = request_hash;
  draft.made.compared_erased_rows = side.erased_rows;
  return draft;
}

absl::StatusOr<Suite> SuiteCatalog::Get(const std::string& project, const std::string& suite_id) {
  ASSIGN_OR_RETURN(StoredSuite stored, database_->Read([&](sql::Connection& connection) {
    return SuiteStore(connection).Get(project, suite_id);
  }));
  return std::move(stored.suite);
}

absl::StatusOr<ListPage<Suite>> SuiteCatalog::List(const std::string& project,
                                                   const SuiteFilter& filter, int64_t beyond,
                                                   int64_t page_size) {
  using Page = ListPage<StoredSuite>;
  ASSIGN_OR_RETURN(
      Page page, database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Page> {
        SuiteStore suites(connection);
        ASSIGN_OR_RETURN(Page found, ReadListPage<StoredSuite>(
                                         beyond, page_size,
                                         [&](int64_t from, int64_t limit) {
                                           return suites.List(project, filter, from, limit);
                                         },
                                         [&](const StoredSuite& stored) {
                                           return filter.Matches(stored.suite);
                                         }));
        RETURN_IF_ERROR(FillListPage<StoredSuite>(
            sql::kMaxReadBytes,
            [&](StoredSuite& stored) -> absl::StatusOr<size_t> {
              return LabelBytes(stored.suite.labels);
            },
            found));
        return found;
      }));
  return ValuesOf(std::move(page), &StoredSuite::suite);
}

absl::StatusOr<std::vector<SuiteCase>> SuiteCatalog::ReadCases(const std::string& project,
                                                               const std::string& suite_id,
                                                               const std::string& after_case_id,
                                                               int64_t limit) {
  return database_->Read([&](sql::Connection& connection) {
    return SuiteStore(connection).Questions(project, suite_id, after_case_id, limit);
  });
}

}  // namespace flywheel::evalgate
