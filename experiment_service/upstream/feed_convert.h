// Conversions from the messages of ingest's feed to values of experiments.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_FEED_CONVERT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_FEED_CONVERT_H_

#include "absl/status/statusor.h"
#include "experiment_service/domain/feed_record.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"

namespace flywheel::experiment {

// INTERNAL for a record, a signal or a target of a kind that this program does not know: it was
// written by a newer ingest, and to skip it would be to lose it.
absl::StatusOr<FeedBatch> FeedBatchFromProto(const ingest::v1::ReadFeedResponse& response);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_FEED_CONVERT_H_
