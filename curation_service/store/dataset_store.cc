#include "curation_service/store/dataset_store.h"

#include <map>
#include <utility>

#include "curation_service/store/build_store.h"
#include "curation_service/store/conversation_store.h"
#include "curation_service/store/dataset_options_column.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/json_columns.h"
#include "curation_service/store/label_store.h"
#include "curation_service/store/message_columns.h"
#include "curation_service/store/removed_row_store.h"
#include "curation_service/store/selection_json.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// For who wants what is being built.
constexpr absl::Duration kRetryDelay = absl::Seconds(1);

template <typename Code>
std::string WriteCounts(const std::vector<std::pair<Code, int64_t>>& counts) {
  CodedCounts coded;
  for (const auto& [code, count] : counts) coded.emplace_back(static_cast<int>(code), count);
  return CountsToJson(coded);
}

template <typename Code>
absl::StatusOr<std::vector<std::pair<Code, int64_t>>> ReadCounts(std::string_view json) {
  ASSIGN_OR_RETURN(const CodedCounts coded, CountsFromJson(json));
  std::vector<std::pair<Code, int64_t>> counts;
  for (const auto& [code, count] : coded) {
    counts.emplace_back(static_cast<Code>(code), count);
  }
  return counts;
}

bool IsShortForm(const Messages& messages, Role speaker, const std::string& short_form) {
  return messages == Messages{TextMessage(speaker, short_form)};
}

// Of a correction always in full: the trigger compares it with what was corrected since.
std::string WriteIdeal(const DatasetRow& row) {
  const bool corrected =
      row.source == RowSource::kUserCorrection || row.source == RowSource::kStaffCorrection;
  // What the short form says is not written beside it.
  if (!corrected && IsShortForm(row.ideal, Role::kAssistant, row.ideal_output)) {
    return MessagesToJson({});
  }
  return MessagesToJson(row.ideal);
}

absl::StatusOr<Messages> ReadMessages(std::string_view json, Role speaker,
                                      const std::string& short_form) {
  ASSIGN_OR_RETURN(Messages messages, MessagesFromJson(json));
  if (messages.empty()) messages.push_back(TextMessage(speaker, short_form));
  return messages;
}

constexpr auto kSelectVersion =
    sql::Text(R"sql(
    SELECT dataset_version_id, ordinal, request_hash, agent, options, create_time_us,
           feed_sequence, content_hash, train_rows, eval_rows, negative_rows, rows_by_tier,
           removed_by_reason, candidate_rows, erased_rows, created_by, removed_by_tier, )sql") +
    sql::LabelsColumn<Labelled::kDatasetVersion>("dataset_versions", "dataset_version_id") + R"sql(
    FROM dataset_versions )sql";

// Reads a row of kSelectVersion.
absl::StatusOr<StoredDatasetVersion> ReadVersion(const sql::Statement& row) {
  StoredDatasetVersion stored;
  stored.ordinal = row.Int64(1);
  stored.request_hash = row.Text(2);
  DatasetVersion& version = stored.version;
  version.dataset_version_id = row.Text(0);
  ASSIGN_OR_RETURN(version.options, OptionsFromJson(row.Text(3), row.View(4)));
  version.create_time = row.Time(5);
  version.feed_sequence = row.Int64(6);
  version.content_hash = row.Text(7);
  version.train_rows = row.Int64(8);
  version.eval_rows = row.Int64(9);
  version.negative_rows = row.Int64(10);
  ASSIGN_OR_RETURN(version.rows_by_tier, ReadCounts<Tier>(row.View(11)));
  ASSIGN_OR_RETURN(version.removed_by_reason, ReadCounts<RemovalReason>(row.View(12)));
  version.candidate_rows = row.Int64(13);
  version.erased_rows = row.Int64(14);
  version.created_by = row.Text(15);
  ASSIGN_OR_RETURN(version.removed_by_tier, TierRemovalsFromJson(row.View(16)));
  ASSIGN_OR_RETURN(version.labels, sql::TextMapFromJson(row.View(17)));
  return stored;
}

}  // namespace

absl::Status DatasetStore::Begin(const std::string& project, const std::string& request_hash,
                                 int64_t ordinal, const DatasetVersion& version) {
  return connection_
      .Prepare(R"sql(
              INSERT INTO dataset_versions (project, dataset_version_id, ordinal, request_hash,
                                            agent, options, create_time_us, feed_sequence,
                                            content_hash, train_rows, eval_rows,
                                            negative_rows, rows_by_tier,
                                            removed_by_reason, candidate_rows, created_by,
                                            removed_by_tier, complete, erased_rows)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0))sql")
      .Bind(project, version.dataset_version_id, ordinal, sql::Blob{request_hash},
            version.options.agent, OptionsToJson(version.options), version.create_time,
            version.feed_sequence, sql::Blob{version.content_hash}, version.train_rows,
            version.eval_rows, version.negative_rows, WriteCounts(version.rows_by_tier),
            WriteCounts(version.removed_by_reason), version.candidate_rows, version.created_by,
            TierRemovalsToJson(version.removed_by_tier))
      .Run();
}

absl::Status DatasetStore::AddRows(const std::string& project,
                                   const std::string& dataset_version_id, int64_t first_index,
                                   std::span<const DatasetRow> rows) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id,
                                split, prompt_message_id, prompt, ideal, input, ideal_output,
                                tools, contexts, tier, score, source, provenance, cohort,
                                labels, failure_mode,
                                signal_ids, reported_output, model_version, prompt_version, erased)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0))sql");
  int64_t row_index = first_index;
  for (const DatasetRow& row : rows) {
    const bool short_form = IsShortForm(row.prompt, Role::kUser, row.input);
    int64_t prompt_message_id = 0;
    if (!short_form) {
      ASSIGN_OR_RETURN(prompt_message_id, ConversationStore(connection_).Use(project, row.prompt));
    }
    const bool written = !short_form && prompt_message_id == 0;
    RETURN_IF_ERROR(insert
                        .Bind(project, dataset_version_id, row_index++, row.interaction_id,
                              row.session_id, static_cast<int>(row.split), prompt_message_id,
                              MessagesToJson(written ? row.prompt : Messages()), WriteIdeal(row),
                              row.input, row.ideal_output, ToolsToJson(row.tools),
                              ContextsToJson(row.contexts), static_cast<int>(row.tier), row.score,
                              static_cast<int>(row.source), static_cast<int>(row.provenance),
                              row.cohort, sql::TextMapToJson(row.labels), row.failure_mode,
                              TextsToJson(row.signal_ids), row.reported_output, row.model_version,
                              row.prompt_version)
                        .Run());
  }
  return absl::OkStatus();
}

absl::Status DatasetStore::Complete(const std::string& project,
                                    const std::string& dataset_version_id) {
  return connection_
      .Prepare(R"sql(
          UPDATE dataset_versions SET complete = 1
          WHERE project = ? AND dataset_version_id = ?)sql")
      .Bind(project, dataset_version_id)
      .Run();
}

absl::StatusOr<std::optional<UnfinishedVersion>> DatasetStore::FirstUnfinished(
    const std::string& project) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, dataset_version_id FROM dataset_versions
      WHERE complete = 0 AND (? = '' OR project = ?)
      ORDER BY project, dataset_version_id LIMIT 1)sql");
  select.Bind(project, project);
  std::optional<UnfinishedVersion> version;
  if (select.Next()) version = UnfinishedVersion{select.Text(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return version;
}

absl::StatusOr<bool> DatasetStore::RemoveSome(const UnfinishedVersion& version, int64_t limit) {
  // Rows, then keys and what was taken out, then the version itself, which says until then that
  // something is left.
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT ordinal FROM dataset_versions
        WHERE project = ? AND dataset_version_id = ? AND complete = 0)sql");
    select.Bind(version.project, version.dataset_version_id);
    const bool found = select.Next();
    RETURN_IF_ERROR(select.status());
    if (!found) return true;
  }
  std::vector<std::pair<int64_t, int64_t>> rows;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT row_index, prompt_message_id FROM dataset_rows
        WHERE project = ? AND dataset_version_id = ? ORDER BY row_index LIMIT ?)sql");
    select.Bind(version.project, version.dataset_version_id, limit);
    while (select.Next()) rows.emplace_back(select.Int64(0), select.Int64(1));
    RETURN_IF_ERROR(select.status());
  }
  for (const auto& [row_index, prompt_message_id] : rows) {
    RETURN_IF_ERROR(ConversationStore(connection_).Release(prompt_message_id));
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            DELETE FROM dataset_rows
            WHERE project = ? AND dataset_version_id = ? AND row_index = ?)sql")
                        .Bind(version.project, version.dataset_version_id, row_index)
                        .Run());
  }
  if (!rows.empty()) return false;
  ASSIGN_OR_RETURN(
      const bool keys_removed,
      FirewallStore(connection_).RemoveSome(version.project, version.dataset_version_id, limit));
  if (!keys_removed) return false;
  ASSIGN_OR_RETURN(
      const bool entries_removed,
      RemovedRowStore(connection_).RemoveSome(version.project, version.dataset_version_id, limit));
  if (!entries_removed) return false;
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM dataset_versions
          WHERE project = ? AND dataset_version_id = ? AND complete = 0)sql")
                      .Bind(version.project, version.dataset_version_id)
                      .Run());
  return true;
}

absl::StatusOr<int64_t> DatasetStore::EraseRows(const std::string& project,
                                                const std::string& interaction_id,
                                                bool corrections_alone) {
  // Which side and tier a place had says nothing of anybody, and the counts are about it.
  static constexpr auto kWhose = sql::Text(R"sql(
      WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
        AND (? = 0 OR source IN ()sql") +
                                 sql::kLiteral<RowSource::kUserCorrection> + ", " +
                                 sql::kLiteral<RowSource::kStaffCorrection> + ", " +
                                 sql::kLiteral<RowSource::kRelabelled> + "))";
  // A row a version at most. Counted here: SQLite would read all rows of the project to group them
  // along their key.
  static constexpr auto kFindSql =
      sql::Text("SELECT dataset_version_id, prompt_message_id FROM dataset_rows ") + kWhose;
  static constexpr auto kEraseSql = sql::Text(R"sql(
      UPDATE dataset_rows SET interaction_id = '', session_id = '', prompt_message_id = 0,
                              prompt = '[]', ideal = '[]', input = '', ideal_output = '',
                              tools = '[]', contexts = '[]',
                              score = 0, cohort = '', labels = '{}', failure_mode = '',
                              signal_ids = '[]', reported_output = '', model_version = '',
                              prompt_version = '', erased = 1 )sql") +
                                    kWhose;
  std::map<std::string, int64_t> by_version;
  std::vector<int64_t> prompts;
  {
    sql::Statement select = connection_.Prepare(kFindSql);
    select.Bind(project, interaction_id, corrections_alone);
    while (select.Next()) {
      ++by_version[select.Text(0)];
      prompts.push_back(select.Int64(1));
    }
    RETURN_IF_ERROR(select.status());
  }
  if (by_version.empty()) return 0;
  for (const int64_t prompt_message_id : prompts) {
    RETURN_IF_ERROR(ConversationStore(connection_).Release(prompt_message_id));
  }
  RETURN_IF_ERROR(
      connection_.Prepare(kEraseSql).Bind(project, interaction_id, corrections_alone).Run());
  int64_t erased = 0;
  for (const auto& [dataset_version_id, rows] : by_version) {
    erased += rows;
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            UPDATE dataset_versions SET erased_rows = erased_rows + ?
            WHERE project = ? AND dataset_version_id = ?)sql")
                        .Bind(rows, project, dataset_version_id)
                        .Run());
  }
  return erased;
}

absl::StatusOr<std::optional<StoredDatasetVersion>> DatasetStore::Find(
    const std::string& project, const std::string& dataset_version_id) {
  sql::Statement select = connection_.Prepare(
      kSelectVersion + R"sql(WHERE project = ? AND dataset_version_id = ? AND complete = 1)sql");
  select.Bind(project, dataset_version_id);
  std::optional<StoredDatasetVersion> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadVersion(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<DatasetVersion> DatasetStore::Get(const std::string& project,
                                                 const std::string& dataset_version_id) {
  ASSIGN_OR_RETURN(std::optional<StoredDatasetVersion> stored, Find(project, dataset_version_id));
  if (stored) return std::move(stored->version);
  ASSIGN_OR_RETURN(const auto build, BuildStore(connection_).Find(project, dataset_version_id));
  if (build && build->version.state == DatasetVersionState::kFailed) {
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "dataset version", dataset_version_id,
        "a build that failed (" + build->version.failure.message + ")",
        "a version that is ready: build it again");
  }
  if (build && build->version.state == DatasetVersionState::kCancelled) {
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "dataset version", dataset_version_id,
        "a build that was cancelled (" + build->version.cancel_reason + ")",
        "a version that is ready: build it again");
  }
  if (build) {
    return errors::NotCaughtUp("dataset version '" + dataset_version_id + "'",
                               "a version that is being built", "one that is ready: watch it",
                               kRetryDelay);
  }
  return errors::NotFound("dataset version", dataset_version_id,
                          "Build it, or list the versions that there are.");
}

absl::StatusOr<std::vector<StoredDatasetVersion>> DatasetStore::List(const std::string& project,
                                                                     const sql::ListRange& range,
                                                                     int64_t limit) {
  sql::Statement select = sql::PrepareList(connection_, kSelectVersion + "WHERE complete = 1 AND ",
                                           project, range, limit);
  std::vector<StoredDatasetVersion> versions;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredDatasetVersion version, ReadVersion(select));
    versions.push_back(std::move(version));
  }
  RETURN_IF_ERROR(select.status());
  return versions;
}

absl::StatusOr<std::vector<StoredDatasetRow>> DatasetStore::Rows(
    const std::string& project, const std::string& dataset_version_id, const RowFilter& filter,
    int64_t from_index, int64_t limit) {
  static constexpr sql::Text kFromRows(R"sql(
      FROM dataset_rows
      WHERE project = ? AND dataset_version_id = ? AND row_index >= ?
        AND (? = 0 OR split = ?) AND tier <= ? AND erased = 0
      ORDER BY row_index LIMIT ?)sql");
  static constexpr auto kIdsSql = sql::Text("SELECT row_index, interaction_id") + kFromRows;
  static constexpr auto kRowsSql = sql::Text(R"sql(
      SELECT row_index, interaction_id, session_id, split, prompt, ideal, input, ideal_output,
             tools, contexts, tier, score, source, cohort, reported_output, model_version,
             prompt_version, provenance, labels, failure_mode, signal_ids,
             prompt_message_id)sql") +
                                   kFromRows;
  sql::Statement select =
      filter.ids_only ? connection_.Prepare(kIdsSql) : connection_.Prepare(kRowsSql);
  const int split = filter.split ? static_cast<int>(*filter.split) : 0;
  const Tier worst = filter.include_negatives ? Tier::kBronze : Tier::kSilver;
  select.Bind(project, dataset_version_id, from_index, split, split, static_cast<int>(worst),
              limit);
  std::vector<StoredDatasetRow> rows;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    StoredDatasetRow& stored = rows.emplace_back();
    stored.row_index = select.Int64(0);
    DatasetRow& row = stored.row;
    row.interaction_id = select.Text(1);
    if (filter.ids_only) continue;
    row.session_id = select.Text(2);
    row.split = static_cast<Split>(select.Int64(3));
    row.input = select.Text(6);
    row.ideal_output = select.Text(7);
    if (const int64_t prompt_message_id = select.Int64(21); prompt_message_id != 0) {
      ASSIGN_OR_RETURN(row.prompt, ConversationStore(connection_).Read(prompt_message_id));
    } else {
      ASSIGN_OR_RETURN(row.prompt, ReadMessages(select.View(4), Role::kUser, row.input));
    }
    ASSIGN_OR_RETURN(row.ideal, ReadMessages(select.View(5), Role::kAssistant, row.ideal_output));
    ASSIGN_OR_RETURN(row.tools, ToolsFromJson(select.View(8)));
    ASSIGN_OR_RETURN(row.contexts, ContextsFromJson(select.View(9)));
    row.tier = static_cast<Tier>(select.Int64(10));
    row.score = select.Double(11);
    row.source = static_cast<RowSource>(select.Int64(12));
    row.cohort = select.Text(13);
    row.reported_output = select.Text(14);
    row.model_version = select.Text(15);
    row.prompt_version = select.Text(16);
    row.provenance = static_cast<Provenance>(select.Int64(17));
    ASSIGN_OR_RETURN(row.labels, sql::TextMapFromJson(select.View(18)));
    row.failure_mode = select.Text(19);
    ASSIGN_OR_RETURN(row.signal_ids, TextsFromJson(select.View(20)));
    bytes += row.TextBytes();
  }
  RETURN_IF_ERROR(select.status());
  return rows;
}

}  // namespace flywheel::curation
