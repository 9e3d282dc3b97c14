#include "ingest_service/privacy/consents.h"

#include <optional>

#include "ingest_service/store/consent_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/privacy_record_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr Purpose kPurposes[] = {Purpose::kRecord, Purpose::kTrain};

Restriction RefusalOf(Purpose purpose) {
  return purpose == Purpose::kRecord ? Restriction::kNoRecord : Restriction::kNoTraining;
}

}  // namespace

absl::StatusOr<int64_t> Consents::Set(const rpc::Actor& actor, const Person& person,
                                      ConsentStatement consent) {
  consent.recorded_by = actor.key_id;
  int64_t sequence = 0;
  const absl::Status status = database_->Write([&](sql::Connection& connection) -> absl::Status {
    // One write: the statement, its place in the feed, and what the guard knows by heart.
    ASSIGN_OR_RETURN(const int64_t before, FeedStore(connection).LastSequence());
    int64_t last = before;
    for (const std::string& pseudonym : person.pseudonyms) {
      consent.user_pseudonym = pseudonym;
      ASSIGN_OR_RETURN(
          const std::optional<ConsentStatement> known,
          ConsentStore(connection).FindConsent(person.project, pseudonym, consent.purpose));
      // Statements may come in any order: the latest by its own time holds.
      if (known && known->event_time >= consent.event_time) continue;
      RETURN_IF_ERROR(ConsentStore(connection).PutConsent(person.project, consent));
      RETURN_IF_ERROR(PrivacyRecordStore(connection)
                          .AddConsentChange(person.project, consent, ++last, clock_->Now()));
      // Now, and not after the commit: the next record of this same commit is checked against it.
      write_guard_->Set(person.project, pseudonym, RefusalOf(consent.purpose), !consent.allowed);
    }
    if (last == before) return absl::OkStatus();
    sequence = last;
    return FeedStore(connection).SetLastSequence(last);
  });
  if (!status.ok()) {
    // The commit failed, so the guard may know too much.
    write_guard_->Invalidate();
    return status;
  }
  feed_->NotifyCommit(sequence);
  return sequence;
}

absl::StatusOr<std::vector<Purpose>> Consents::Refused(const Person& person) {
  std::vector<Purpose> refused;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    for (const Purpose purpose : kPurposes) {
      // Refused under one name is refused.
      bool is_refused = false;
      for (const std::string& pseudonym : person.pseudonyms) {
        ASSIGN_OR_RETURN(const std::optional<ConsentStatement> said,
                         ConsentStore(connection).FindConsent(person.project, pseudonym, purpose));
        is_refused |= said && !said->allowed;
      }
      if (is_refused) refused.push_back(purpose);
    }
    return absl::OkStatus();
  }));
  return refused;
}

absl::StatusOr<bool> Consents::SetLegalHold(const rpc::Actor& actor, const Person& person,
                                            bool hold, const std::string& reason) {
  auto changed = database_->Write([&](sql::Connection& connection) -> absl::StatusOr<bool> {
    bool any_changed = false;
    for (const std::string& pseudonym : person.pseudonyms) {
      ASSIGN_OR_RETURN(
          const bool one,
          hold ? ConsentStore(connection)
                     .AddLegalHold(person.project, pseudonym, {reason, actor.key_id}, clock_->Now())
               : ConsentStore(connection).RemoveLegalHold(person.project, pseudonym));
      write_guard_->Set(person.project, pseudonym, Restriction::kHold, hold);
      any_changed |= one;
    }
    if (any_changed) {
      // Without whose records it is about: that would name a person.
      RETURN_IF_ERROR(audit::Record(connection, actor, {"legal hold", "", hold ? "set" : "lifted"},
                                    clock_->Now()));
    }
    return any_changed;
  });
  if (!changed.ok()) write_guard_->Invalidate();
  return changed;
}

}  // namespace flywheel::ingest
