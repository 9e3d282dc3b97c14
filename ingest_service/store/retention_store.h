// The SQL of retention: records by age, how far each rule has come, and legal holds.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_RETENTION_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_RETENTION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/payload_form.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// How far a rule has come in a project, and under which terms.
struct RetentionProgress {
  int64_t sequence = 0;
  std::string terms;
};

// The rule that compresses, as progress has it.
inline constexpr char kCompressRule[] = "compress";

// A row that is old enough, of any form.
struct AgedInteraction {
  int64_t sequence = 0;
  std::string interaction_id;
  std::string session_id;
  std::string user_pseudonym;
  absl::Time commit_time;
  double inclusion_probability = 1;
  PayloadPlace place;
  // As the row has it.
  std::string payload;
};

// A signal that is old enough.
struct AgedSignal {
  int64_t sequence = 0;
  // Given by a person whose records are held, or about an interaction or session of one.
  bool held = false;
};

// The SQL of the rules of age. In the caller's transaction.
class RetentionStore {
 public:
  explicit RetentionStore(sql::Connection& connection) : connection_(connection) {}

  // {0, ""} where it has not begun.
  absl::StatusOr<RetentionProgress> FindProgress(const std::string& project,
                                                 const std::string& rule);
  absl::Status SetProgress(const std::string& project, const std::string& rule,
                           const RetentionProgress& progress);
  // Lets the rule come again to what is behind `sequence`; nothing where it has not come so far.
  absl::Status LowerProgress(const std::string& project, const std::string& rule, int64_t sequence);

  // Of the projects that have ever written, the first by name after `after`; nullopt behind the
  // last.
  absl::StatusOr<std::optional<std::string>> NextProject(const std::string& after);

  // Those of a project after `after` that were committed before `before`, rising; at most `limit`,
  // and no more after those that stand for `max_bytes` of payload.
  absl::StatusOr<std::vector<AgedInteraction>> AgedInteractions(const std::string& project,
                                                                int64_t after, absl::Time before,
                                                                int64_t limit, int64_t max_bytes);

  // Whether the records of a person must be kept.
  absl::StatusOr<bool> IsHeld(const std::string& project, const std::string& user_pseudonym);
  // Changes whenever somebody is held or let go.
  absl::StatusOr<std::string> HoldsFingerprint(const std::string& project);
  // Whether there is a signal about the interaction or about its session.
  absl::StatusOr<bool> IsSignalled(const std::string& project, const std::string& interaction_id,
                                   const std::string& session_id);

  // Takes the payload out of a row that is shown, and puts `form_after` (kThinned or kErased) in
  // its place. A thinned row also loses what it is found and grouped by, but for its person, and
  // leaves project_totals. Nothing where the row is not there or not shown.
  absl::Status EmptyRow(const std::string& project, int64_t sequence, PayloadForm form_after);

  // Whether no rule of age may empty the row: its person's records are held or, where it would be
  // thinned, somebody has said something about it.
  absl::StatusOr<bool> MustStay(const std::string& project, int64_t sequence,
                                PayloadForm form_after);

  // The record was kept by chance. Nothing where its probability is not `expected` any more.
  absl::Status SetInclusionProbability(int64_t sequence, double expected, double probability);

  // Removes a row that has no payload any more, with its attributes, and from project_totals where
  // it still counts.
  absl::Status DeleteEmptyRow(const std::string& project, int64_t sequence);

  absl::StatusOr<std::vector<AgedSignal>> AgedSignals(const std::string& project, int64_t after,
                                                      absl::Time before, int64_t limit);
  // And from project_totals.
  absl::Status DeleteSignal(const std::string& project, int64_t sequence);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_RETENTION_STORE_H_
