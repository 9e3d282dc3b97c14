#include "curation_service/preference_reader.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/turn.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/turn_reader.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kRowsPerRead = 200;

bool IsCorrection(const DatasetRow& row) {
  return row.source == RowSource::kUserCorrection || row.source == RowSource::kStaffCorrection;
}

// What the agent did where the ideal of a corrected row stands. A text alone was corrected where
// its earlier work stands in the prompt: then that is its final answer.
Messages OwnAnswer(const DatasetRow& row, Interaction interaction) {
  const size_t history = interaction.history.size();
  Turn turn = TakeTurn(interaction);
  const bool whole = row.prompt.size() <= history + turn.asked.size();
  const size_t before = whole ? 0 : WithoutFinalAnswer(turn.work).size();
  if (before > turn.work.size()) return {};
  turn.work.erase(turn.work.begin(), turn.work.begin() + static_cast<std::ptrdiff_t>(before));
  return UpToLastWord(std::move(turn.work));
}

// Of rows of one side alone: what a gate asks makes no pair to train on.
std::string PromptKey(const DatasetRow& row) {
  return std::to_string(static_cast<int>(row.split)) + MeaningHash(row.prompt);
}

// Whether `messages` may stand as what was wrong beside the ideal of the row.
bool Contradicts(const Messages& messages, const DatasetRow& row) {
  return SaysSomething(messages) && !HasMalformedCall(messages) &&
         MeaningHash(messages) != MeaningHash(row.ideal);
}

// A row with what the agent itself did, where a person corrected that.
struct ReadRow {
  StoredDatasetRow stored;
  Messages own;
};

absl::StatusOr<std::vector<ReadRow>> ReadRows(sql::Connection& connection,
                                              const std::string& project,
                                              const std::string& dataset_version_id,
                                              const RowFilter& filter, int64_t first) {
  ASSIGN_OR_RETURN(
      std::vector<StoredDatasetRow> stored,
      DatasetStore(connection).Rows(project, dataset_version_id, filter, first, kRowsPerRead));
  std::vector<ReadRow> rows;
  for (StoredDatasetRow& one : stored) {
    Messages own;
    if (IsCorrection(one.row)) {
      ASSIGN_OR_RETURN(std::optional<Interaction> interaction,
                       ReadTurn(connection, project, one.row.interaction_id));
      if (interaction) own = OwnAnswer(one.row, *std::move(interaction));
    }
    rows.push_back({std::move(one), std::move(own)});
  }
  return rows;
}

// Calls `on_row` with every row of the version that the filter lets through.
absl::Status ForEachReadRow(sql::Database& database, const std::string& project,
                            const std::string& dataset_version_id, const RowFilter& filter,
                            absl::FunctionRef<absl::Status(const ReadRow&)> on_row) {
  RETURN_IF_ERROR(database
                      .Read([&](sql::Connection& connection) {
                        return DatasetStore(connection).Get(project, dataset_version_id);
                      })
                      .status());
  int64_t next = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<ReadRow> rows,
                     database.Read([&](sql::Connection& connection) {
                       return ReadRows(connection, project, dataset_version_id, filter, next);
                     }));
    if (rows.empty()) return absl::OkStatus();
    for (const ReadRow& row : rows) RETURN_IF_ERROR(on_row(row));
    next = rows.back().stored.row_index + 1;
  }
}

}  // namespace

absl::Status PreferenceReader::ForEachPair(const std::string& project,
                                           const std::string& dataset_version_id,
                                           std::optional<Split> split, OnPair on_pair) const {
  const RowFilter filter = {split, /*include_negatives=*/true};
  // The places of the first bronze row of each prompt.
  absl::flat_hash_map<std::string, int64_t> wrong_of_prompt;
  RETURN_IF_ERROR(
      ForEachReadRow(*database_, project, dataset_version_id, filter, [&](const ReadRow& read) {
        const DatasetRow& row = read.stored.row;
        if (!row.positive() && !row.HasMalformedCall()) {
          wrong_of_prompt.emplace(PromptKey(row), read.stored.row_index);
        }
        return absl::OkStatus();
      }));
  return ForEachReadRow(
      *database_, project, dataset_version_id, filter, [&](const ReadRow& read) -> absl::Status {
        const DatasetRow& row = read.stored.row;
        if (!row.positive() || row.HasMalformedCall()) return absl::OkStatus();
        if (Contradicts(read.own, row)) {
          RETURN_IF_ERROR(on_pair(row, {row.interaction_id, read.own}));
        }
        const auto wrong = wrong_of_prompt.find(PromptKey(row));
        if (wrong == wrong_of_prompt.end()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const std::vector<StoredDatasetRow> other,
                         database_->Read([&](sql::Connection& connection) {
                           return DatasetStore(connection)
                               .Rows(project, dataset_version_id, filter, wrong->second, 1);
                         }));
        // It may have been erased meanwhile.
        if (other.empty() || other[0].row_index != wrong->second) return absl::OkStatus();
        if (!Contradicts(other[0].row.ideal, row)) return absl::OkStatus();
        return on_pair(row, {other[0].row.interaction_id, other[0].row.ideal});
      });
}

absl::Status PreferenceReader::ForEachJudged(const std::string& project,
                                             const std::string& dataset_version_id,
                                             std::optional<Split> split, OnJudged on_judged) const {
  return ForEachReadRow(*database_, project, dataset_version_id,
                        {split, /*include_negatives=*/true},
                        [&](const ReadRow& read) -> absl::Status {
                          const DatasetRow& row = read.stored.row;
                          if (row.HasMalformedCall()) return absl::OkStatus();
                          RETURN_IF_ERROR(on_judged(row, row.positive()));
                          if (!Contradicts(read.own, row)) return absl::OkStatus();
                          DatasetRow own = row;
                          own.ideal = read.own;
                          return on_judged(own, false);
                        });
}

}  // namespace flywheel::curation
