#include "curation_service/domain/parquet_rows.h"

#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/chat_line.h"
#include "shared/hashing/sha256.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::ordered_json;

std::vector<ParquetColumn> Columns() {
  std::vector<ParquetColumn> columns;
  for (const char* name : {"interaction_id", "session_id", "split", "tier"}) {
    columns.push_back({name, ParquetType::kText});
  }
  for (const char* name : {"weight", "score"}) columns.push_back({name, ParquetType::kDouble});
  for (const char* name : {"source", "provenance", "cohort", "input", "ideal_output",
                           "reported_output", "model_version", "prompt_version", "failure_mode"}) {
    columns.push_back({name, ParquetType::kText});
  }
  for (const char* name : {"prompt", "ideal", "tools", "contexts", "labels", "signal_ids"}) {
    columns.push_back({name, ParquetType::kJson});
  }
  return columns;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

ParquetRows::ParquetRows(const DatasetVersion& version, ParquetWriter::Sink sink)
    : writer_(Columns(),
              {{"flywheel.dataset_version_id", version.dataset_version_id},
               {"flywheel.agent", version.options.agent},
               {"flywheel.content_hash", ToHex(version.content_hash)},
               {"flywheel.erased_rows", std::to_string(version.erased_rows)}},
              std::move(sink)) {}

absl::Status ParquetRows::Add(const DatasetRow& row) {
  const ChatLine line = MakeChatLine(row);
  const auto text = [&](const char* key) { return line.metadata[key].get<std::string>(); };
  const std::string tier = text("tier");
  const std::string source = text("source");
  const std::string provenance = text("provenance");
  const std::string prompt = Dump(line.prompt);
  const std::string ideal = Dump(line.ideal);
  const std::string tools = Dump(line.tools);
  const std::string contexts = Dump(ContextsOf(row));
  const std::string labels = Dump(Json(row.labels));
  const std::string signal_ids = Dump(Json(row.signal_ids));
  const std::vector<ParquetValue> values = {row.interaction_id,
                                            row.session_id,
                                            row.split == Split::kTrain ? "train" : "eval",
                                            tier,
                                            WeightOf(row.tier),
                                            row.score,
                                            source,
                                            provenance,
                                            row.cohort,
                                            row.input,
                                            row.ideal_output,
                                            row.reported_output,
                                            row.model_version,
                                            row.prompt_version,
                                            row.failure_mode,
                                            prompt,
                                            ideal,
                                            tools,
                                            contexts,
                                            labels,
                                            signal_ids};
  return writer_.AddRow(values);
}

}  // namespace flywheel::curation
