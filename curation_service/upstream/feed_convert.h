// Conversions from the messages of ingest's feed to curation's values.
#ifndef FLYWHEEL_CURATION_SERVICE_UPSTREAM_FEED_CONVERT_H_
#define FLYWHEEL_CURATION_SERVICE_UPSTREAM_FEED_CONVERT_H_

#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"

namespace flywheel::curation {

// INTERNAL for a record, a signal or a target of a kind that this program does not know: it was
// written by a newer ingest, and to skip it would be to lose it.
absl::StatusOr<FeedBatch> FeedBatchFromProto(const ingest::v1::ReadFeedResponse& response);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_UPSTREAM_FEED_CONVERT_H_
