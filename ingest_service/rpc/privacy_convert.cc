#include "ingest_service/rpc/privacy_convert.h"

#include "ingest_service/domain/erasure_status.h"
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
