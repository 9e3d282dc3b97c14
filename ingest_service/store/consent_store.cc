#include "ingest_service/store/consent_store.h"

#include "ingest_service/domain/trace_ids.h"
#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// The people that an inner statement finds, and the hold on one of them, the oldest.
constexpr sql::Text kSelectHold("SELECT hold.reason, hold.held_by FROM (");
constexpr sql::Text kOnHold(R"sql() AS found CROSS JOIN legal_holds AS hold
      WHERE hold.project = ? AND hold.user_pseudonym = found.person
      ORDER BY hold.hold_time_us, hold.reason LIMIT 1)sql");

absl::StatusOr<std::optional<LegalHold>> FirstHold(sql::Statement& select) {
  std::optional<LegalHold> hold;
  if (select.Next()) hold = LegalHold{select.Text(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return hold;
}

}  // namespace

absl::StatusOr<std::optional<ConsentStatement>> ConsentStore::FindConsent(
    const std::string& project, const std::string& user_pseudonym, Purpose purpose) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT allowed, event_time_us, recorded_by FROM consents
      WHERE project = ? AND user_pseudonym = ? AND purpose = ?)sql");
  select.Bind(project, user_pseudonym, static_cast<int>(purpose));
  std::optional<ConsentStatement> consent;
  if (select.Next()) {
    consent =
        ConsentStatement{user_pseudonym, purpose, select.Bool(0), select.Time(1), select.Text(2)};
  }
  RETURN_IF_ERROR(select.status());
  return consent;
}

absl::Status ConsentStore::PutConsent(const std::string& project, const ConsentStatement& consent) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us,
                                recorded_by)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym, purpose) DO UPDATE SET
            allowed = excluded.allowed, event_time_us = excluded.event_time_us,
            recorded_by = excluded.recorded_by)sql")
      .Bind(project, consent.user_pseudonym, static_cast<int>(consent.purpose), consent.allowed,
            consent.event_time, consent.recorded_by)
      .Run();
}

absl::StatusOr<std::optional<LegalHold>> ConsentStore::FindLegalHold(
    const std::string& project, const std::string& user_pseudonym) {
  sql::Statement select = connection_.Prepare(
      "SELECT reason, held_by FROM legal_holds WHERE project = ? AND user_pseudonym = ?");
  return FirstHold(select.Bind(project, user_pseudonym));
}

absl::StatusOr<std::optional<LegalHold>> ConsentStore::FindLegalHold(const Subject& subject) {
  const std::string& project = subject.project;
  for (const std::string& name : subject.names) {
    ASSIGN_OR_RETURN(std::optional<LegalHold> hold,
                     subject.kind == SubjectKind::kUser      ? FindLegalHold(project, name)
                     : subject.kind == SubjectKind::kSession ? FindHoldInSession(project, name)
                                                             : FindHoldAbout(project, name));
    if (hold) return hold;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<LegalHold>> ConsentStore::FindHoldInSession(
    const std::string& project, const std::string& session_id) {
  static constexpr auto kSql = kSelectHold + R"sql(
        SELECT user_pseudonym AS person FROM interactions
        WHERE project = ? AND session_id <> '' AND session_id = ?
        UNION ALL
        SELECT actor_pseudonym FROM signals
        WHERE project = ? AND session_id <> '' AND session_id = ?
        UNION ALL
        SELECT signal.actor_pseudonym FROM interactions AS one CROSS JOIN signals AS signal
        WHERE one.project = ? AND one.session_id <> '' AND one.session_id = ?
          AND signal.project = one.project AND signal.interaction_id <> ''
          AND signal.interaction_id = one.interaction_id
        UNION ALL
        SELECT span.user_pseudonym FROM otlp_spans AS one CROSS JOIN otlp_spans AS span
        WHERE one.project = ? AND one.session_id <> '' AND one.session_id = ?
          AND span.project = one.project AND span.trace_id = one.trace_id)sql" +
                               kOnHold;
  sql::Statement select = connection_.Prepare(kSql);
  return FirstHold(select.Bind(project, session_id, project, session_id, project, session_id,
                               project, session_id, project));
}

absl::StatusOr<std::optional<LegalHold>> ConsentStore::FindHoldAbout(
    const std::string& project, const std::string& interaction_id) {
  static constexpr auto kSql = kSelectHold + R"sql(
        SELECT user_pseudonym AS person FROM interactions
        WHERE project = ? AND interaction_id = ?
        UNION ALL
        SELECT actor_pseudonym FROM signals
        WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
        UNION ALL
        SELECT user_pseudonym FROM otlp_spans WHERE project = ? AND trace_id = ?)sql" +
                               kOnHold;
  sql::Statement select = connection_.Prepare(kSql);
  return FirstHold(select.Bind(project, interaction_id, project, interaction_id, project,
                               TraceIdOf(interaction_id), project));
}

absl::StatusOr<bool> ConsentStore::AddLegalHold(const std::string& project,
                                                const std::string& user_pseudonym,
                                                const LegalHold& hold, absl::Time now) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO legal_holds (project, user_pseudonym, reason, hold_time_us, held_by)
          VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (project, user_pseudonym) DO NOTHING)sql")
                      .Bind(project, user_pseudonym, hold.reason, now, hold.held_by)
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
