#include "ingest_service/rpc/privacy_convert.h"

#include "ingest_service/domain/erasure_status.h"
#include "shared/privacy/message_texts.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::ingest {
namespace {

// The casts below take the contract's numbers as they are.
static_assert(static_cast<int>(Purpose::kRecord) == v1::PURPOSE_RECORD);
static_assert(static_cast<int>(Purpose::kTrain) == v1::PURPOSE_TRAIN);
static_assert(static_cast<int>(SubjectKind::kUser) == v1::SUBJECT_KIND_USER);
static_assert(static_cast<int>(SubjectKind::kSession) == v1::SUBJECT_KIND_SESSION);
static_assert(static_cast<int>(SubjectKind::kInteraction) == v1::SUBJECT_KIND_INTERACTION);
static_assert(static_cast<int>(SubjectKind::kRewrite) == v1::SUBJECT_KIND_REWRITE);

}  // namespace

ConsentStatement FromProto(const v1::Consent& proto) {
  return {"", static_cast<Purpose>(proto.purpose()), proto.allowed(),
          rpc::FromProto(proto.event_time())};
}

void ToProto(const ConsentStatement& consent, v1::Consent* proto) {
  proto->set_user_id(consent.user_pseudonym);
  proto->set_purpose(static_cast<v1::Purpose>(consent.purpose));
  proto->set_allowed(consent.allowed);
  *proto->mutable_event_time() = rpc::ToProto(consent.event_time);
  proto->set_recorded_by(consent.recorded_by);
}

std::vector<redaction::Turn> FromProto(const v1::ScanTextRequest& proto) {
  std::vector<redaction::Turn> turns;
  turns.reserve(static_cast<size_t>(proto.texts_size()));
  for (const v1::TextToScan& one : proto.texts()) {
    turns.push_back({SpeakerOf(one.role()), one.text()});
  }
  return turns;
}

void ToProto(const redaction::ScannedText& scanned, const std::string& sent,
             v1::ScannedText* proto) {
  proto->set_stored_text(scanned.stored);
  for (const redaction::Explanation& finding : scanned.findings) {
    v1::TextFinding* const added = proto->add_findings();
    added->set_begin(static_cast<int64_t>(finding.begin));
    added->set_end(static_cast<int64_t>(finding.end));
    added->set_type(std::string(redaction::DataTypeName(finding.type)));
    added->set_recogniser(finding.why);
    added->set_placeholder(finding.placeholder);
  }
  if (scanned.cleaned != sent) proto->set_cleaned_text(scanned.cleaned);
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
  proto->set_commit_token(rpc::FeedToken(receipt.commit_sequence));
  proto->set_subject_kind(static_cast<v1::SubjectKind>(receipt.subject_kind));
  proto->set_waiting_spans(receipt.waiting_spans);
  proto->set_requested_by(receipt.requested_by);
  const ErasureStatus status = StatusOf(receipt, readers);
  for (const StoreStatus& store : status.stores) {
    v1::StoreErasure* const added = proto->add_stores();
    added->set_store(store.store);
    added->set_rows(store.rows);
    if (store.clean_time) *added->mutable_clean_time() = rpc::ToProto(*store.clean_time);
  }
  if (status.complete_time) *proto->mutable_complete_time() = rpc::ToProto(*status.complete_time);
}

}  // namespace flywheel::ingest
