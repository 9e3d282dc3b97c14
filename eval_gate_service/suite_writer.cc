#include "eval_gate_service/suite_writer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <span>
#include <utility>

#include "eval_gate_service/domain/seals.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/sql/write_piece.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::evalgate {
namespace {

// One write takes so much, which is some 10 ms: others wait for the same writer.
constexpr size_t kCasesPerWrite = 500;

}  // namespace

absl::StatusOr<std::optional<Suite>> SuiteWriter::FindMade(const std::string& project,
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

absl::StatusOr<std::optional<Created<Suite>>> SuiteWriter::Keep(const rpc::Actor& actor,
                                                                SuiteDraft& draft,
                                                                const Deadline& deadline) {
  const std::string& suite_id = draft.made.suite.suite_id;
  absl::MutexLock lock(&storing_mutex_);
  // Another call may have made it while this one got its cases.
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

absl::StatusOr<bool> SuiteWriter::WritePiece(const StoredSuite& made, int64_t size_bytes,
                                             const Deadline& deadline, Piece piece) {
  RETURN_IF_ERROR(deadline.Check());
  return database_->Write(
      [&](sql::Connection& connection) -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(const int64_t round, ErasureStore(connection).Round());
        // Of uploaded cases nobody is erased.
        const bool erasable = !made.suite.dataset_version_id.empty();
        if (erasable && round != made.erasure_round) return false;
        RETURN_IF_ERROR(piece(connection));
        return true;
      },
      size_bytes);
}

absl::StatusOr<bool> SuiteWriter::Store(const rpc::Actor& actor, SuiteDraft& draft,
                                        const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string& suite_id = draft.made.suite.suite_id;
  ASSIGN_OR_RETURN(bool current,
                   WritePiece(draft.made, sql::Database::kSmallWriteBytes, deadline,
                              [&](sql::Connection& connection) {
                                return SuiteStore(connection).Begin(project, draft.made);
                              }));
  std::span<const SuiteCase> cases = draft.cases;
  while (current && !cases.empty()) {
    const auto piece =
        sql::FirstPiece(cases, kCasesPerWrite, [](const SuiteCase& one) { return BytesOf(one); });
    ASSIGN_OR_RETURN(
        current,
        WritePiece(draft.made, piece.size_bytes, deadline, [&](sql::Connection& connection) {
          return SuiteStore(connection).AddCases(project, suite_id, piece.items);
        }));
    cases = cases.subspan(piece.items.size());
  }
  if (!current) return false;
  // Of cases that nobody touches before the suite is complete.
  const SealedThing sealed{project, ReleaseKind::kSuite, suite_id};
  SealSet seals;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) {
    return SealStore(connection).AddAll(sealed, deadline, seals);
  }));
  const SealedContent content{static_cast<int64_t>(seals.size()), seals.Hash()};
  return WritePiece(
      draft.made, sql::Database::kSmallWriteBytes, deadline,
      [&](sql::Connection& connection) -> absl::Status {
        Suite& suite = draft.made.suite;
        // Whose suite it may be can have changed while it was made.
        RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(suite)));
        ASSIGN_OR_RETURN(suite.suite_version, SuiteStore(connection).Complete(project, suite));
        RETURN_IF_ERROR(
            LabelStore(connection).Set(project, Labelled::kSuite, suite_id, suite.labels));
        RETURN_IF_ERROR(SealStore(connection).Close(sealed, content));
        const absl::Time now = clock_->Now();
        RETURN_IF_ERROR(
            ReleaseLogStore(connection)
                .Append(project, {ReleaseKind::kSuite, suite.agent, suite_id}, actor.key_id, now));
        return audit::Record(connection, actor,
                             {"suite", suite_id,
                              fmt::format("agent '{}', version {} of '{}'", suite.agent,
                                          suite.suite_version, suite.suite_name)},
                             now);
      });
}

absl::Status SuiteWriter::RemoveUnfinished() {
  absl::MutexLock lock(&storing_mutex_);
  return RemoveBegun();
}

absl::Status SuiteWriter::RemoveBegun() {
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

}  // namespace flywheel::evalgate
