#include "ingest_service/record/write_guard.h"

#include <fmt/format.h>

#include "ingest_service/domain/trace_ids.h"
#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/privacy_record_store.h"
#include "ingest_service/store/signal_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Half a SHA-256 tells records apart, and takes half the room.
constexpr size_t kRecordMacBytes = 16;

const std::string& IdOf(const InteractionRecord& record) { return record.interaction_id; }
const std::string& IdOf(const SignalRecord& record) { return record.signal_id; }
const std::string& PersonOf(const InteractionRecord& record) { return record.user_pseudonym; }
const std::string& PersonOf(const SignalRecord& record) { return record.actor_pseudonym; }

// A record that is stored already answers a resend as ever.
absl::StatusOr<bool> IsStored(sql::Connection& connection, const std::string& project,
                              const InteractionRecord& record) {
  return InteractionStore(connection).Has(project, record.interaction_id);
}
absl::StatusOr<bool> IsStored(sql::Connection& connection, const std::string& project,
                              const SignalRecord& record) {
  return SignalStore(connection).HasRevision(project, record.signal_id, record.revision);
}

ItemResult Refusal(const std::string& id, const absl::Status& status) {
  return {id, ItemStatus::kRejected, 0, errors::ReasonOf(status), errors::MessageOf(status)};
}

bool Has(int restrictions, Restriction restriction) {
  return (restrictions & static_cast<int>(restriction)) != 0;
}

}  // namespace

absl::Status WriteGuard::Load(sql::Connection& connection) {
  // Before the read: whoever invalidates meanwhile is heard.
  valid_.store(true, std::memory_order_release);
  people_.clear();
  absl::Status status =
      ConsentStore(connection)
          .ForEachRestriction(
              [this](const std::string& project, const std::string& pseudonym,
                     Restriction restriction) { Set(project, pseudonym, restriction, true); });
  if (status.ok()) {
    const absl::StatusOr<bool> erased = ErasedRecords(connection).HasErased();
    status = erased.status();
    if (erased.ok()) erased_ = *erased;
  }
  if (!status.ok()) Invalidate();
  return status;
}

void WriteGuard::Set(const std::string& project, const std::string& pseudonym,
                     Restriction restriction, bool in_force) {
  People& people = people_[project];
  int& restrictions = people[pseudonym];
  restrictions = in_force ? restrictions | static_cast<int>(restriction)
                          : restrictions & ~static_cast<int>(restriction);
  if (restrictions == 0) people.erase(pseudonym);
  if (people.empty()) people_.erase(project);
}

int WriteGuard::RestrictionsOf(const std::string& project, const std::string& pseudonym) const {
  const auto people = people_.find(project);
  if (pseudonym.empty() || people == people_.end()) return 0;
  const auto person = people->second.find(pseudonym);
  return person == people->second.end() ? 0 : person->second;
}

template <typename Record>
absl::StatusOr<std::optional<ItemResult>> WriteGuard::CheckClosely(sql::Connection& connection,
                                                                   const std::string& project,
                                                                   const Record& record,
                                                                   absl::Time now,
                                                                   int64_t& sequence) {
  // 1. What people said, under whichever of their pseudonyms.
  if (!valid_.load(std::memory_order_acquire)) RETURN_IF_ERROR(Load(connection));
  int restrictions = RestrictionsOf(project, PersonOf(record));
  for (const EarlierIdentity& identity : record.earlier) {
    restrictions |= RestrictionsOf(project, identity.pseudonym);
  }
  // 2. No consent: only what is stored already may be sent again.
  if (Has(restrictions, Restriction::kNoRecord)) {
    ASSIGN_OR_RETURN(const bool stored, IsStored(connection, project, record));
    if (!stored) {
      RETURN_IF_ERROR(RefuseFurtherParts(connection, project, record));
      return Refusal(IdOf(record), errors::NoConsent("record"));
    }
  }
  // 3. What was erased does not come back by a resend.
  if (erased_) {
    ASSIGN_OR_RETURN(std::optional<ItemResult> refused, RefuseErased(connection, project, record));
    if (refused) return refused;
  }
  // 4. What was said under an older pseudonym holds for the newer one from now on.
  if (restrictions != 0 && !record.earlier.empty()) {
    RETURN_IF_ERROR(CarryOver(connection, project, record, now, sequence));
  }
  return std::nullopt;
}

// What is known by heart stays as it is, so that a commit that fails leaves nothing wrong there;
// the few records that this concerns look into the store.
template <typename Record>
absl::Status WriteGuard::CarryOver(sql::Connection& connection, const std::string& project,
                                   const Record& record, absl::Time now, int64_t& sequence) const {
  const std::string& person = PersonOf(record);
  for (const EarlierIdentity& identity : record.earlier) {
    const int missing =
        RestrictionsOf(project, identity.pseudonym) & ~RestrictionsOf(project, person);
    // Readers of the feed know people by the pseudonyms in it, so they are told.
    if (Has(missing, Restriction::kNoTraining)) {
      ASSIGN_OR_RETURN(const std::optional<ConsentStatement> own,
                       ConsentStore(connection).FindConsent(project, person, Purpose::kTrain));
      ASSIGN_OR_RETURN(
          std::optional<ConsentStatement> said,
          ConsentStore(connection).FindConsent(project, identity.pseudonym, Purpose::kTrain));
      if (said && !own) {
        said->user_pseudonym = person;
        RETURN_IF_ERROR(ConsentStore(connection).PutConsent(project, *said));
        RETURN_IF_ERROR(
            PrivacyRecordStore(connection).AddConsentChange(project, *said, ++sequence, now));
      }
    }
    if (Has(missing, Restriction::kHold)) {
      ASSIGN_OR_RETURN(const std::optional<LegalHold> hold,
                       ConsentStore(connection).FindLegalHold(project, identity.pseudonym));
      if (hold) {
        RETURN_IF_ERROR(
            ConsentStore(connection).AddLegalHold(project, person, *hold, now).status());
      }
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> WriteGuard::RecordMacs(std::string_view kind, const std::string& project,
                                                const std::string& id) const {
  // Kind and project belong to the id, so that one MAC tells of one record.
  const std::string named = fmt::format("{}{}{}{}{}", kind, '\0', project, '\0', id);
  std::vector<std::string> macs;
  for (size_t i = 0; i < pseudonymiser_.generations(); ++i) {
    macs.push_back(pseudonymiser_.ContentMac(named, i).substr(0, kRecordMacBytes));
  }
  return macs;
}

absl::Status WriteGuard::RefuseFurtherParts(sql::Connection& connection, const std::string& project,
                                            const InteractionRecord& record) {
  // Later parts of a refused trace carry its id, and may name neither person nor session.
  const std::string first_part = FirstPartOf(record.interaction_id);
  if (first_part.empty()) return absl::OkStatus();
  NoteErased();
  return ErasedRecords(connection)
      .AddErased(project, RecordMacs("interaction", project, first_part).front());
}

absl::StatusOr<bool> WriteGuard::IsErased(sql::Connection& connection, std::string_view kind,
                                          const std::string& project, const std::string& id) const {
  if (id.empty()) return false;
  // Under every key that there was: the record may have been erased under an older one.
  for (const std::string& mac : RecordMacs(kind, project, id)) {
    ASSIGN_OR_RETURN(const bool erased, ErasedRecords(connection).IsErased(project, mac));
    if (erased) return true;
  }
  return false;
}

template <typename Record>
absl::StatusOr<bool> WriteGuard::IsSessionClosed(sql::Connection& connection,
                                                 const std::string& project,
                                                 const Record& record) const {
  ASSIGN_OR_RETURN(bool closed, IsErased(connection, "closed-session", project, record.session_id));
  // A plain id is the same under every key.
  for (const EarlierIdentity& identity : record.earlier) {
    if (closed) break;
    if (identity.session_id == record.session_id) continue;
    ASSIGN_OR_RETURN(closed, IsErased(connection, "closed-session", project, identity.session_id));
  }
  return closed;
}

absl::StatusOr<std::optional<ItemResult>> WriteGuard::RefuseErased(
    sql::Connection& connection, const std::string& project, const InteractionRecord& record) {
  ASSIGN_OR_RETURN(const bool erased,
                   IsErased(connection, "interaction", project, record.interaction_id));
  // A further part of a trace goes the way of the first one, whose person it may not name.
  ASSIGN_OR_RETURN(const bool of_erased, IsErased(connection, "interaction", project,
                                                  FirstPartOf(record.interaction_id)));
  if (erased || of_erased) {
    return Refusal(record.interaction_id, errors::Erased("interaction", record.interaction_id));
  }
  // An erased session takes no turn any more.
  ASSIGN_OR_RETURN(const bool closed, IsSessionClosed(connection, project, record));
  if (!closed) return std::nullopt;
  RETURN_IF_ERROR(RefuseFurtherParts(connection, project, record));
  return Refusal(record.interaction_id, errors::Erased("session", record.session_id));
}

absl::StatusOr<std::optional<ItemResult>> WriteGuard::RefuseErased(
    sql::Connection& connection, const std::string& project, const SignalRecord& record) const {
  // Itself, or what it is about.
  ASSIGN_OR_RETURN(bool erased, IsErased(connection, "signal", project, record.signal_id));
  if (erased) return Refusal(record.signal_id, errors::Erased("signal", record.signal_id));
  ASSIGN_OR_RETURN(erased, IsErased(connection, "interaction", project, record.interaction_id));
  if (erased) {
    return Refusal(record.signal_id, errors::Erased("interaction", record.interaction_id));
  }
  ASSIGN_OR_RETURN(erased, IsSessionClosed(connection, project, record));
  if (erased) return Refusal(record.signal_id, errors::Erased("session", record.session_id));
  ASSIGN_OR_RETURN(erased, IsErased(connection, "session", project, record.session_id));
  if (!erased) return std::nullopt;
  // A person who goes on in a session that left with them has it anew.
  ASSIGN_OR_RETURN(const int64_t interactions,
                   InteractionStore(connection).CountOfSession(project, record.session_id));
  if (interactions > 0) return std::nullopt;
  return Refusal(record.signal_id, errors::Erased("session", record.session_id));
}

template absl::StatusOr<std::optional<ItemResult>> WriteGuard::CheckClosely(
    sql::Connection&, const std::string&, const InteractionRecord&, absl::Time, int64_t&);
template absl::StatusOr<std::optional<ItemResult>> WriteGuard::CheckClosely(sql::Connection&,
                                                                            const std::string&,
                                                                            const SignalRecord&,
                                                                            absl::Time, int64_t&);

}  // namespace flywheel::ingest
