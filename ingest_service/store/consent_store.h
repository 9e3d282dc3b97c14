// The SQL of consents and legal holds.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_CONSENT_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_CONSENT_STORE_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/privacy.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Something that concerns the records of a person.
enum class Restriction { kNoRecord = 1, kNoTraining = 2, kHold = 4 };

// The SQL of consents and legal holds. In the caller's transaction.
class ConsentStore {
 public:
  explicit ConsentStore(sql::Connection& connection) : connection_(connection) {}

  // The newest statement of a person about a purpose.
  absl::StatusOr<std::optional<ConsentStatement>> FindConsent(const std::string& project,
                                                              const std::string& user_pseudonym,
                                                              Purpose purpose);
  // Takes its place.
  absl::Status PutConsent(const std::string& project, const ConsentStatement& consent);

  // Why a person's records must be kept; nothing where they need not.
  absl::StatusOr<std::optional<LegalHold>> FindLegalHold(const std::string& project,
                                                         const std::string& user_pseudonym);
  // Why something of what an erasure would take must be kept: the hold is on a user, or on somebody
  // who has an interaction, a signal or a waiting trace in a session or about an interaction.
  absl::StatusOr<std::optional<LegalHold>> FindLegalHold(const Subject& subject);
  // Both return whether they changed something: a hold that is in force stays as it is.
  absl::StatusOr<bool> AddLegalHold(const std::string& project, const std::string& user_pseudonym,
                                    const LegalHold& hold, absl::Time now);
  absl::StatusOr<bool> RemoveLegalHold(const std::string& project,
                                       const std::string& user_pseudonym);

  // Every refusal and hold of every project.
  absl::Status ForEachRestriction(
      absl::FunctionRef<void(const std::string& project, const std::string& user_pseudonym,
                             Restriction restriction)>
          on_restriction);

 private:
  absl::StatusOr<std::optional<LegalHold>> FindHoldInSession(const std::string& project,
                                                             const std::string& session_id);
  absl::StatusOr<std::optional<LegalHold>> FindHoldAbout(const std::string& project,
                                                         const std::string& interaction_id);

  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_CONSENT_STORE_H_
