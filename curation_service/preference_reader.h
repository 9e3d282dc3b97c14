// Preference reader: what should be answered beside what should not, from the rows of a version.
#ifndef FLYWHEEL_CURATION_SERVICE_PREFERENCE_READER_H_
#define FLYWHEEL_CURATION_SERVICE_PREFERENCE_READER_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "curation_service/domain/chat_jsonl.h"
#include "curation_service/domain/dataset.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// Thread-safe.
class PreferenceReader {
 public:
  explicit PreferenceReader(sql::Database* database) : database_(database) {}

  using OnPair = absl::FunctionRef<absl::Status(const DatasetRow&, const RejectedAnswer&)>;
  using OnJudged = absl::FunctionRef<absl::Status(const DatasetRow&, bool label)>;

  // Hands to `on_pair`, in the order of the rows, each row that a person corrected with the agent's
  // own answer, and each row that has the prompt of a bronze row with the first of these, where
  // they say something else; of one side, or of both. A row with a malformed call makes no pair.
  // Memory: some 100 bytes a bronze row. The errors of DatasetStore::Get, and of `on_pair`.
  absl::Status ForEachPair(const std::string& project, const std::string& dataset_version_id,
                           std::optional<Split> split, OnPair on_pair) const;

  // Hands to `on_judged` all rows of the version, in their order: true with those that show what to
  // do, false with the bronze ones, and behind each row that a person corrected the same row with
  // the agent's own answer as its ideal, false.
  absl::Status ForEachJudged(const std::string& project, const std::string& dataset_version_id,
                             std::optional<Split> split, OnJudged on_judged) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_PREFERENCE_READER_H_
