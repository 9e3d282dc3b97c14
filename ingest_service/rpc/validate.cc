#include "ingest_service/rpc/validate.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "ingest_service/domain/erasure_status.h"
#include "ingest_service/domain/record_limits.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

constexpr int kMaxBatchItems = 10'000;
// Of a BatchGet.
constexpr int64_t kMaxBatchIds = 100;
constexpr size_t kMaxReasonBytes = 512;
// Of a scan.
constexpr int kMaxScannedTexts = 1'000;
constexpr int64_t kMaxScannedBytes = 1 << 20;

// Of an erasure or an export.
template <typename Request>
void CheckSubject(const Request& request, rpc::FieldChecks& checks) {
  switch (request.subject_case()) {
    case Request::kUserId:
      checks.RequiredText("user_id", request.user_id(), kMaxUserIdBytes);
      break;
    case Request::kSessionId:
      checks.Name("session_id", request.session_id(), kMaxSessionIdBytes);
      break;
    case Request::kInteractionId:
      checks.Id("interaction_id", request.interaction_id());
      break;
    case Request::SUBJECT_NOT_SET:
      checks.Require(false, "subject", "nothing", "user_id, session_id or interaction_id");
      break;
  }
}

}  // namespace

absl::Status ValidateBatchSize(const char* field, int items) {
  if (items == 0) return errors::EmptyBatch(field);
  if (items > kMaxBatchItems) return errors::TooLarge(field, items, kMaxBatchItems, "items");
  return absl::OkStatus();
}

absl::Status Validate(const v1::GetInteractionRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("interaction_id", request.interaction_id());
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::BatchGetInteractionsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Range("interaction_ids", static_cast<int64_t>(request.interaction_ids_size()), 1,
               kMaxBatchIds);
  absl::flat_hash_set<std::string_view> ids;
  for (const std::string& id : request.interaction_ids()) {
    checks.Id("interaction_ids", id);
    checks.Require(ids.insert(id).second, "interaction_ids", "an id twice", "each once");
  }
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::GetSessionFeedbackRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Name("session_id", request.session_id(), kMaxSessionIdBytes);
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::ListSessionSignalsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Name("session_id", request.session_id(), kMaxSessionIdBytes);
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::ListInteractionsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.OptionalName("session_id", request.session_id(), kMaxSessionIdBytes);
  checks.Text("user_id", request.user_id(), kMaxUserIdBytes);
  checks.Text("agent", request.agent(), kMaxRecordNameBytes);
  checks.Text("model_version", request.model_version(), kMaxRecordNameBytes);
  checks.Text("attribute_name", request.attribute_name(), kMaxRecordNameBytes);
  checks.Text("attribute_value", request.attribute_value(), kMaxAttributeValueBytes);
  // A value alone would have to be looked for in every attribute.
  checks.Require(request.attribute_value().empty() || !request.attribute_name().empty(),
                 "attribute_name", "nothing", "the name that attribute_value belongs to");
  checks.Enum("order", common::v1::ListOrder_IsValid(request.order()), request.order());
  checks.Enum("signal_kind", v1::SignalKind_IsValid(request.signal_kind()), request.signal_kind());
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::GetStatsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Text("group_by_attribute", request.group_by_attribute(), kMaxRecordNameBytes);
  checks.FeedToken("min_token", request.min_token());
  return checks.status();
}

absl::Status Validate(const v1::ReadFeedRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.FeedToken("cursor", request.cursor());
  checks.Range("max_entries", static_cast<int64_t>(request.max_entries()), 0, INT32_MAX);
  return checks.status();
}

absl::Status Validate(const v1::EraseRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("erasure_id", request.erasure_id());
  CheckSubject(request, checks);
  return checks.status();
}

absl::Status Validate(const v1::ExportRecordsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  CheckSubject(request, checks);
  return checks.status();
}

absl::Status Validate(const v1::GetErasureRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("erasure_id", request.erasure_id());
  return checks.status();
}

absl::Status Validate(const v1::ReportErasureRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("erasure_id", request.erasure_id());
  checks.Id("store", request.store());
  // Ingest reports of itself.
  checks.Require(request.store() != kIngestStore, "store", "'ingest'", "a reader's own name");
  checks.AtLeast("rows", request.rows(), 0);
  return checks.status();
}

absl::Status Validate(const v1::SetLegalHoldRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.RequiredText("user_id", request.user_id(), kMaxUserIdBytes);
  if (request.hold()) {
    checks.RequiredText("reason", request.reason(), kMaxReasonBytes);
  } else {
    checks.Text("reason", request.reason(), kMaxReasonBytes);
  }
  return checks.status();
}

absl::Status Validate(const v1::SetConsentRequest& request, absl::Time now) {
  rpc::FieldChecks checks(now, "consent.");
  const v1::Consent& consent = request.consent();
  checks.RequiredText("user_id", consent.user_id(), kMaxUserIdBytes);
  if (!v1::Purpose_IsValid(consent.purpose()) || consent.purpose() == v1::PURPOSE_UNSPECIFIED) {
    checks.Require(false, "purpose",
                   v1::Purpose_IsValid(consent.purpose()) ? v1::Purpose_Name(consent.purpose())
                                                          : std::to_string(consent.purpose()),
                   "PURPOSE_RECORD or PURPOSE_TRAIN");
  }
  checks.EventTime("event_time", consent.has_event_time(), consent.event_time());
  return checks.status();
}

absl::Status Validate(const v1::GetConsentRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.RequiredText("user_id", request.user_id(), kMaxUserIdBytes);
  return checks.status();
}

absl::Status Validate(const v1::ScanTextRequest& request) {
  if (request.texts_size() > kMaxScannedTexts) {
    return errors::TooLarge("texts", request.texts_size(), kMaxScannedTexts, "texts");
  }
  rpc::FieldChecks checks(absl::Now());
  checks.Require(!request.texts().empty(), "texts", "nothing", "at least one text");
  int64_t bytes = 0;
  for (int i = 0; i < request.texts_size(); ++i) {
    const v1::TextToScan& one = request.texts(i);
    bytes += static_cast<int64_t>(one.text().size());
    checks.Enum("texts[" + std::to_string(i) + "].role", common::v1::Role_IsValid(one.role()),
                one.role());
  }
  if (bytes > kMaxScannedBytes) {
    return errors::TooLarge("texts", bytes, kMaxScannedBytes, "bytes");
  }
  return checks.status();
}

}  // namespace flywheel::ingest
