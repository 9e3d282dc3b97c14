// The SQL of consents and legal holds, and of their place in the feed.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_STORE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Something that concerns the records of a person.
enum class Restriction { kNoRecord = 1, kNoTraining = 2, kHold = 4 };

// The SQL of consents, legal holds, and what the feed carries of privacy. In the caller's
// transaction.
class PrivacyStore {
 public:
  explicit PrivacyStore(sql::Connection& connection) : connection_(connection) {}

  // Puts a tombstone, or a change of consent, into the feed under `sequence`.
  absl::Status AddTombstone(const std::string& project, const Tombstone& tombstone,
                            int64_t sequence, absl::Time commit_time);
  absl::Status AddConsentChange(const std::string& project, const ConsentStatement& consent,
                                int64_t sequence, absl::Time commit_time);

  // Fills in what the feed says of a record of these two kinds, by its sequence and kind.
  absl::Status ReadRecord(FeedEntry& entry);

  // The newest statement of a person about a purpose.
  absl::StatusOr<std::optional<ConsentStatement>> FindConsent(const std::string& project,
                                                              const std::string& user_pseudonym,
                                                              Purpose purpose);
  // Takes its place.
  absl::Status PutConsent(const std::string& project, const ConsentStatement& consent);

  // Why a person's records must be kept; nothing where they need not.
  absl::StatusOr<std::optional<std::string>> FindLegalHold(const std::string& project,
                                                           const std::string& user_pseudonym);
  // Both return whether they changed something: a hold that is in force keeps its reason.
  absl::StatusOr<bool> AddLegalHold(const std::string& project, const std::string& user_pseudonym,
                                    const std::string& reason, absl::Time now);
  absl::StatusOr<bool> RemoveLegalHold(const std::string& project,
                                       const std::string& user_pseudonym);

  // Whether anything in the store, of any project, was named or hashed for a person: without the
  // key that made these names nobody can be found again. Reads whole tables where nothing was.
  absl::StatusOr<bool> HasPseudonyms();

  // Every refusal and hold of every project.
  absl::Status ForEachRestriction(
      absl::FunctionRef<void(const std::string& project, const std::string& user_pseudonym,
                             Restriction restriction)>
          on_restriction);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_STORE_H_
