#include "eval_gate_service/suite_catalog.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/suite_cases.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/label_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/replay.h"
#include "shared/sql/write_piece.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::evalgate {
namespace {

// One write takes so much, which is some 10 ms: others wait for the same writer.
constexpr size_t kCasesPerWrite = 500;
// Each further one means that people were erased during the one before.
constexpr int kMostAttempts = 10;

size_t SizeOf(const SuiteCase& one) {
  size_t bytes = one.input.size() + one.ideal_output.size() + one.question.size();
  if (!one.expected_tool_calls) return bytes;
  for (const ToolCall& call : *one.expected_tool_calls) bytes += call.arguments_json.size();
  return bytes;
}

}  // namespace

absl::StatusOr<Created<Suite>> SuiteCatalog::Create(const rpc::Actor& actor, SuiteRequest request,
                                                    const Deadline& deadline) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(request.evaluators, Grader::Complete(std::move(request.evaluators)));
  // A replay first: it needs no curation.
  const std::string hash = SuiteRequestHash(request.dataset_version_id, request.evaluators,
                                            request.suite_name, request.labels);
  ASSIGN_OR_RETURN(std::optional<Suite> earlier, FindMade(project, request.suite_id, hash));
  if (earlier) return Created<Suite>{*std::move(earlier), /*replayed=*/true};

  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    ASSIGN_OR_RETURN(Draft draft, MakeDraft(actor, request, hash, deadline));
    ASSIGN_OR_RETURN(std::optional<Created<Suite>> kept, Keep(actor, draft, deadline));
    if (kept) return *std::move(kept);
  }
  return errors::ChangedMeanwhile("suite", request.suite_id, "people are erased while it is made");
}

absl::StatusOr<SuiteCatalog::Draft> SuiteCatalog::MakeDraft(const rpc::Actor& actor,
                                                            const SuiteRequest& request,
                                                            const std::string& request_hash,
                                                            const Deadline& deadline) {
  Draft draft;
  // Before curation is asked: what is erased from here on makes the draft outdated.
  ASSIGN_OR_RETURN(draft.made.erasure_round, database_->Read([&](sql::Connection& connection) {
    return ErasureStore(connection).Round();
  }));
  ASSIGN_OR_RETURN(EvalSide side,
                   curation_->ReadEvalSide(actor.project, request.dataset_version_id, deadline));
  // Before anything is written for a key that may not.
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) {
    return RequireJudge(connection, actor, side.agent, request.suite_name);
  }));
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(request.evaluators));
  ASSIGN_OR_RETURN(draft.cases, SelectCases(request.dataset_version_id, std::move(side.rows),
                                            [&](const SuiteCase& one) -> absl::StatusOr<bool> {
                                              RETURN_IF_ERROR(deadline.Check());
                                              return grader.CanJudge(one);
                                            }));
  RETURN_IF_ERROR(CheckCases(request.dataset_version_id, grader.looks_at(), draft.cases));
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

absl::StatusOr<std::optional<Created<Suite>>> SuiteCatalog::Keep(const rpc::Actor& actor,
                                                                 Draft& draft,
                                                                 const Deadline& deadline) {
  const std::string& suite_id = draft.made.suite.suite_id;
  absl::MutexLock lock(&storing_mutex_);
  // Another call may have made it while this one asked curation.
  ASSIGN_OR_RETURN(std::optional<Suite> earlier,
                   FindMade(actor.project, suite_id, draft.made.request_hash));
  if (earlier) return Created<Suite>{*std::move(earlier), /*replayed=*/true};
  // Nothing, unless a suite failed that could not be taken back, say for a full disk.
  RETURN_IF_ERROR(RemoveBegun());
  const absl::StatusOr<bool> stored = Store(actor, draft, deadline);
  if (stored.ok() && *stored) return Created<Suite>{draft.made.suite, /*replayed=*/false};
  if (const absl::Status removed = RemoveBegun(); !removed.ok()) {
    spdlog::warn("event=suite_not_removed suite_id={} message={}", suite_id,
                 Quoted(errors::MessageOf(removed)));
  }
  // Only now: what was written of it is taken back after an error too.
  RETURN_IF_ERROR(stored.status());
  return std::nullopt;
}

absl::StatusOr<std::optional<Suite>> SuiteCatalog::FindMade(const std::string& project,
                                                            const std::string& suite_id,
                                                            const std::string& request_hash) {
  ASSIGN_OR_RETURN(std::optional<StoredSuite> stored,
                   database_->Read([&](sql::Connection& connection) {
                     return SuiteStore(connection).Find(project, suite_id);
                   }));
  ASSIGN_OR_RETURN(const bool replayed, sql::IsReplay(stored, request_hash, "suite", suite_id));
  if (!replayed) return std::nullopt;
  return std::move(stored->suite);
}

absl::StatusOr<bool> SuiteCatalog::Store(const rpc::Actor& actor, Draft& draft,
                                         const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string& suite_id = draft.made.suite.suite_id;
  // Each piece in a transaction that first makes sure that nobody was erased since.
  const auto write = [&](int64_t size_bytes, const auto& function) -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(deadline.Check());
    return database_->Write(
        [&](sql::Connection& connection) -> absl::StatusOr<bool> {
          ASSIGN_OR_RETURN(const int64_t round, ErasureStore(connection).Round());
          if (round != draft.made.erasure_round) return false;
          RETURN_IF_ERROR(function(connection));
          return true;
        },
        size_bytes);
  };
  ASSIGN_OR_RETURN(bool current, write(sql::Database::kSmallWriteBytes, [&](auto& connection) {
                     return SuiteStore(connection).Begin(project, draft.made);
                   }));
  std::span<const SuiteCase> cases = draft.cases;
  while (current && !cases.empty()) {
    const auto piece = sql::FirstPiece(cases, kCasesPerWrite, SizeOf);
    ASSIGN_OR_RETURN(current, write(piece.size_bytes, [&](auto& connection) {
                       return SuiteStore(connection).AddCases(project, suite_id, piece.items);
                     }));
    cases = cases.subspan(piece.items.size());
  }
  if (!current) return false;
  return write(sql::Database::kSmallWriteBytes, [&](auto& connection) -> absl::Status {
    Suite& suite = draft.made.suite;
    // Whose suite it may be can have changed while it was made.
    RETURN_IF_ERROR(RequireJudge(connection, actor, suite.agent, suite.suite_name));
    ASSIGN_OR_RETURN(suite.suite_version, SuiteStore(connection).Complete(project, suite));
    RETURN_IF_ERROR(
        LabelStore(connection).Set(project, Labelled::kSuite, suite_id, draft.made.suite.labels));
    return audit::Record(connection, actor,
                         {"suite", suite_id,
                          fmt::format("agent '{}', version {} of '{}'", suite.agent,
                                      suite.suite_version, suite.suite_name)},
                         clock_->Now());
  });
}

absl::Status SuiteCatalog::RemoveUnfinished() {
  absl::MutexLock lock(&storing_mutex_);
  return RemoveBegun();
}

absl::Status SuiteCatalog::RemoveBegun() {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<UnfinishedSuite> suite,
                     database_->Read([&](sql::Connection& connection) {
                       return SuiteStore(connection).FindUnfinished();
                     }));
    if (!suite) return absl::OkStatus();
    for (bool removed = false; !removed;) {
      ASSIGN_OR_RETURN(removed, database_->Write([&](sql::Connection& connection) {
        return SuiteStore(connection).RemoveSome(*suite, kCasesPerWrite);
      }));
    }
  }
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
