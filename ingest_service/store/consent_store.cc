#include "ingest_service/store/consent_store.h"

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<std::optional<ConsentStatement>> ConsentStore::FindConsent(
    const std::string& project, const std::string& user_pseudonym, Purpose purpose) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT allowed, event_time_us FROM consents
      WHERE project = ? AND user_pseudonym = ? AND purpose = ?)sql");
  select.Bind(project, user_pseudonym, static_cast<int>(purpose));
  std::optional<ConsentStatement> consent;
  if (select.Next()) {
    consent = ConsentStatement{user_pseudonym, purpose, select.Bool(0), select.Time(1)};
  }
  RETURN_IF_ERROR(select.status());
  return consent;
}

absl::Status ConsentStore::PutConsent(const std::string& project, const ConsentStatement& consent) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us)
          VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym, purpose) DO UPDATE SET
            allowed = excluded.allowed, event_time_us = excluded.event_time_us)sql")
      .Bind(project, consent.user_pseudonym, static_cast<int>(consent.purpose), consent.allowed,
            consent.event_time)
      .Run();
}

absl::StatusOr<std::optional<std::string>> ConsentStore::FindLegalHold(
    const std::string& project, const std::string& user_pseudonym) {
  sql::Statement select = connection_.Prepare(
      "SELECT reason FROM legal_holds WHERE project = ? AND user_pseudonym = ?");
  std::optional<std::string> reason;
  if (select.Bind(project, user_pseudonym).Next()) reason = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return reason;
}

absl::StatusOr<bool> ConsentStore::AddLegalHold(const std::string& project,
                                                const std::string& user_pseudonym,
                                                const std::string& reason, absl::Time now) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO legal_holds (project, user_pseudonym, reason, hold_time_us)
          VALUES (?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym) DO NOTHING)sql")
                      .Bind(project, user_pseudonym, reason, now)
                      .Run());
  return connection_.ChangedRows() > 0;
}

absl::StatusOr<bool> ConsentStore::RemoveLegalHold(const std::string& project,
                                                   const std::string& user_pseudonym) {
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM legal_holds WHERE project = ? AND user_pseudonym = ?")
          .Bind(project, user_pseudonym)
          .Run());
  return connection_.ChangedRows() > 0;
}

absl::Status ConsentStore::ForEachRestriction(
    absl::FunctionRef<void(const std::string& project, const std::string& user_pseudonym,
                           Restriction restriction)>
        on_restriction) {
  // A refusal has the number of its purpose, a hold that of Restriction::kHold.
  static constexpr auto kSql = sql::Text(R"sql(
      SELECT project, user_pseudonym, purpose FROM consents WHERE allowed = 0
      UNION ALL
      SELECT project, user_pseudonym, )sql") +
                               sql::kLiteral<Restriction::kHold> + R"sql( FROM legal_holds
      ORDER BY project, user_pseudonym)sql";
  sql::Statement select = connection_.Prepare(kSql);
  while (select.Next()) {
    on_restriction(select.Text(0), select.Text(1), static_cast<Restriction>(select.Int64(2)));
  }
  return select.status();
}

}  // namespace flywheel::ingest
