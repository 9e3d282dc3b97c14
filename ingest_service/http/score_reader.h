// Reads the scores that SDKs of Langfuse, Phoenix and MLflow send by REST calls of their own.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_SCORE_READER_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_SCORE_READER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace flywheel::ingest {

// Scores as the events that OpenTelemetry has for them, and what their SDK wants to be told.
struct ScoreExport {
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest events;
  int http_status = 200;
  std::string answer;
};

// Whether scores are sent to a path that ends like this: /api/public/scores and
// /api/public/ingestion (Langfuse), /v1/trace_annotations and
// /v1/session_annotations (Phoenix), /mlflow/traces/TRACE/assessments (MLflow).
bool TakesScores(std::string_view path);

// The scores of traces and sessions in a request to such a path; `now` is the time of those that
// say none. One of a session whose id is plain gets a trace id of its own. What names neither is
// left out. INVALID_ARGUMENT for a body that is no JSON.
absl::StatusOr<ScoreExport> ReadScores(std::string_view path, std::string_view body,
                                       absl::Time now);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_SCORE_READER_H_
