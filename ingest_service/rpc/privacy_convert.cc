#include "ingest_service/rpc/privacy_convert.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>

#include "ingest_service/record/record_checks.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::ingest {
namespace {

static_assert(static_cast<int>(Purpose::kRecord) == v1::PURPOSE_RECORD);
static_assert(static_cast<int>(Purpose::kTrain) == v1::PURPOSE_TRAIN);

constexpr size_t kMaxReasonBytes = 512;
constexpr char kIngestStore[] = "ingest";

void AddStore(const std::string& store, int64_t rows, std::optional<absl::Time> clean_time,
              v1::Erasure* proto) {
  v1::StoreErasure* const added = proto->add_stores();
  added->set_store(store);
  added->set_rows(rows);
  if (clean_time) *added->mutable_clean_time() = rpc::ToProto(*clean_time);
}

}  // namespace

absl::Status Validate(const v1::EraseUserRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("erasure_id", request.erasure_id());
  checks.RequiredText("user_id", request.user_id(), kMaxUserIdBytes);
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
    checks.Require(false, "purpose", std::to_string(consent.purpose()),
                   "a purpose of the contract, 1 or 2");
  }
  checks.EventTime("event_time", consent.has_event_time(), consent.event_time());
  return checks.status();
}

absl::Status Validate(const v1::GetConsentRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.RequiredText("user_id", request.user_id(), kMaxUserIdBytes);
  return checks.status();
}

ConsentStatement FromProto(const v1::Consent& proto) {
  return {"", static_cast<Purpose>(proto.purpose()), proto.allowed(),
          rpc::FromProto(proto.event_time())};
}

void ToProto(const ConsentStatement& consent, v1::Consent* proto) {
  proto->set_user_id(consent.user_pseudonym);
  proto->set_purpose(static_cast<v1::Purpose>(consent.purpose));
  proto->set_allowed(consent.allowed);
  *proto->mutable_event_time() = rpc::ToProto(consent.event_time);
}

void ToProto(const Tombstone& tombstone, v1::Tombstone* proto) {
  proto->set_erasure_id(tombstone.erasure_id);
  proto->mutable_sequences()->Add(tombstone.sequences.begin(), tombstone.sequences.end());
  proto->set_last(tombstone.last);
}

void ToProto(const ErasureReceipt& receipt, const std::vector<std::string>& readers,
             v1::Erasure* proto) {
  proto->set_erasure_id(receipt.erasure_id);
  *proto->mutable_request_time() = rpc::ToProto(receipt.request_time);
  proto->set_interactions(receipt.interactions);
  proto->set_signals(receipt.signals);
  proto->set_commit_sequence(receipt.commit_sequence);

  // Readers that have to report stand in the receipt before they have.
  std::map<std::string, std::optional<StoreReport>> reports;
  for (const std::string& reader : readers) reports[reader];
  for (const StoreReport& report : receipt.reports) reports[report.store] = report;
  bool complete = receipt.is_clean();
  absl::Time complete_time = receipt.clean_time;
  AddStore(kIngestStore, receipt.interactions + receipt.signals,
           complete ? std::optional(receipt.clean_time) : std::nullopt, proto);
  for (const auto& [store, report] : reports) {
    // Complete when the last of them is clean.
    complete &= report.has_value();
    if (report) {
      complete_time = std::max(complete_time, report->clean_time);
      AddStore(store, report->rows, report->clean_time, proto);
    } else {
      AddStore(store, 0, std::nullopt, proto);
    }
  }
  if (complete) *proto->mutable_complete_time() = rpc::ToProto(complete_time);
}

}  // namespace flywheel::ingest
