// Dataset rows as a Parquet file, with all of their fields.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_ROWS_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_ROWS_H_

#include "absl/status/status.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/parquet_writer.h"

namespace flywheel::curation {

// Columns, in order: interaction_id, session_id, split ("train", "eval"), tier, weight, score,
// source, provenance, cohort, input, ideal_output, reported_output, model_version, prompt_version,
// failure_mode; and as JSON prompt, ideal and tools as ChatJsonLine has them, contexts as
// PromptCompletionJsonLine has them, labels, and signal_ids.
class ParquetRows {
 public:
  // The file says of which version it is.
  ParquetRows(const DatasetVersion& version, ParquetWriter::Sink sink);

  // Rows without a malformed call. Errors: those of the sink.
  absl::Status Add(const DatasetRow& row);
  absl::Status Finish() { return writer_.Finish(); }

 private:
  ParquetWriter writer_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_ROWS_H_
