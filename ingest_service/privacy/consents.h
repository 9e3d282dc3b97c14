// Records consents and legal holds.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_CONSENTS_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_CONSENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest_service/domain/privacy.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/write_guard.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// A person in a project: all the pseudonyms that they have had, the newest first.
struct Person {
  std::string project;
  std::vector<std::string> pseudonyms;
};

// Thread-safe.
class Consents {
 public:
  // All pointers outlive this object.
  Consents(sql::Database* database, FeedReader* feed, WriteGuard* write_guard, const Clock* clock)
      : database_(database), feed_(feed), write_guard_(write_guard), clock_(clock) {}

  // Keeps a statement under each of the person's pseudonyms and tells the feed; `consent` needs no
  // user_pseudonym and no key. Returns the feed's sequence of it; 0 where a statement of the same
  // time or a newer one was there.
  absl::StatusOr<int64_t> Set(const rpc::Actor& actor, const Person& person,
                              ConsentStatement consent);

  // What the person refused.
  absl::StatusOr<std::vector<Purpose>> Refused(const Person& person);

  // Holds the person's records, or lets go of them; `reason` is for people. Returns whether that
  // changed something.
  absl::StatusOr<bool> SetLegalHold(const rpc::Actor& actor, const Person& person, bool hold,
                                    const std::string& reason);

 private:
  sql::Database* const database_;
  FeedReader* const feed_;
  WriteGuard* const write_guard_;
  const Clock* const clock_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_CONSENTS_H_
