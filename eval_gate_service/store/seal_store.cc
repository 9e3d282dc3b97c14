#include "eval_gate_service/store/seal_store.h"

#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Some milliseconds.
constexpr int kSealsPerCheck = 10'000;

}  // namespace

absl::Status SealStore::SealCase(const SealedThing& suite, const SuiteCase& one) {
  ASSIGN_OR_RETURN(std::string salt, NewSalt());
  std::string seal = CaseSeal(salt, one);
  return Put(suite, {one.case_id, 0}, {std::move(salt), std::move(seal)});
}

absl::Status SealStore::SealOutput(const SealedThing& run, const OutputFacts& output) {
  ASSIGN_OR_RETURN(std::string salt, NewSalt());
  std::string seal = OutputSeal(salt, output);
  return Put(run, {output.case_id, output.attempt}, {std::move(salt), std::move(seal)});
}

absl::Status SealStore::Put(const SealedThing& thing, const OutputPlace& place,
                            const StoredSeal& made) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO seals (project, kind, resource_id, case_id, attempt, salt, seal)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, kind, resource_id, case_id, attempt) DO UPDATE SET
            salt = excluded.salt, seal = excluded.seal)sql")
      .Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id, place.case_id,
            int64_t{place.attempt}, sql::Blob{made.salt}, sql::Blob{made.seal})
      .Run();
}

absl::StatusOr<std::string> SealStore::NewSalt() {
  sql::Statement select = connection_.Prepare("SELECT randomblob(16)");
  std::string salt = select.Next() ? select.Text(0) : std::string();
  RETURN_IF_ERROR(select.status());
  return salt;
}

absl::StatusOr<std::optional<StoredSeal>> SealStore::Find(const SealedThing& thing,
                                                          const OutputPlace& place) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT salt, seal FROM seals
      WHERE project = ? AND kind = ? AND resource_id = ? AND case_id = ? AND attempt = ?)sql");
  select.Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id, place.case_id,
              int64_t{place.attempt});
  std::optional<StoredSeal> found;
  if (select.Next()) found = StoredSeal{select.Text(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::Status SealStore::AddAll(const SealedThing& thing, const Deadline& deadline, SealSet& set) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT seal FROM seals WHERE project = ? AND kind = ? AND resource_id = ?
      ORDER BY case_id, attempt)sql");
  select.Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id);
  PeriodicCheck check(deadline, kSealsPerCheck);
  while (select.Next()) {
    RETURN_IF_ERROR(check.Step());
    set.Add(select.View(0));
  }
  return select.status();
}

absl::StatusOr<int64_t> SealStore::AddErased(const SealedThing& thing, SealSet& set) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT seal FROM erased_seals
      WHERE project = ? AND kind = ? AND resource_id = ? ORDER BY seal)sql");
  select.Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id);
  int64_t erased = 0;
  for (; select.Next(); ++erased) set.Add(select.View(0));
  RETURN_IF_ERROR(select.status());
  return erased;
}

absl::Status SealStore::Close(const SealedThing& thing, const SealedContent& content) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO sealed_contents (project, kind, resource_id, items, seals_hash)
          VALUES (?, ?, ?, ?, ?))sql")
      .Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id, content.items,
            sql::Blob{content.seals_hash})
      .Run();
}

absl::StatusOr<std::optional<SealedContent>> SealStore::FindContent(const SealedThing& thing) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT items, seals_hash FROM sealed_contents
      WHERE project = ? AND kind = ? AND resource_id = ?)sql");
  select.Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id);
  std::optional<SealedContent> found;
  if (select.Next()) found = SealedContent{select.Int64(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<int64_t> SealStore::RemoveSome(const SealedThing& thing, int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM seals
          WHERE project = ? AND kind = ? AND resource_id = ? AND (case_id, attempt) IN (
            SELECT case_id, attempt FROM seals
            WHERE project = ? AND kind = ? AND resource_id = ?
            ORDER BY case_id, attempt LIMIT ?))sql")
                      .Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id,
                            thing.project, static_cast<int64_t>(thing.kind), thing.resource_id,
                            limit)
                      .Run());
  return connection_.ChangedRows();
}

absl::Status SealStore::Erase(const SealedThing& thing, const OutputPlace& place, bool keep) {
  if (keep) {
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
          INSERT INTO erased_seals (project, kind, resource_id, seal)
            SELECT project, kind, resource_id, seal FROM seals
            WHERE project = ? AND kind = ? AND resource_id = ? AND case_id = ? AND attempt = ?
            ON CONFLICT (project, kind, resource_id, seal) DO NOTHING)sql")
                        .Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id,
                              place.case_id, int64_t{place.attempt})
                        .Run());
  }
  return connection_
      .Prepare(R"sql(
          DELETE FROM seals
          WHERE project = ? AND kind = ? AND resource_id = ? AND case_id = ? AND attempt = ?)sql")
      .Bind(thing.project, static_cast<int64_t>(thing.kind), thing.resource_id, place.case_id,
            int64_t{place.attempt})
      .Run();
}

}  // namespace flywheel::evalgate
