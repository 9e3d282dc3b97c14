#include "eval_gate_service/rpc/release_log_convert.h"

#include "shared/hashing/sha256.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"

namespace flywheel::evalgate {

static_assert(static_cast<int>(ReleaseKind::kReleasePolicy) == v1::RELEASE_KIND_RELEASE_POLICY);
static_assert(static_cast<int>(ReleaseKind::kBaselineApproval) ==
              v1::RELEASE_KIND_BASELINE_APPROVAL);
static_assert(static_cast<int>(ReleaseKind::kSuite) == v1::RELEASE_KIND_SUITE);
static_assert(static_cast<int>(ReleaseKind::kVerdict) == v1::RELEASE_KIND_VERDICT);
static_assert(static_cast<int>(ReleaseKind::kVerdictWaiver) == v1::RELEASE_KIND_VERDICT_WAIVER);
static_assert(static_cast<int>(ReleaseKind::kRun) == v1::RELEASE_KIND_RUN);
static_assert(static_cast<int>(LogBreakKind::kEntryMissing) ==
              v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISSING);
static_assert(static_cast<int>(LogBreakKind::kLinkBroken) ==
              v1::RELEASE_LOG_BREAK_KIND_LINK_BROKEN);
static_assert(static_cast<int>(LogBreakKind::kEntryChanged) ==
              v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED);
static_assert(static_cast<int>(LogBreakKind::kEntryMisplaced) ==
              v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISPLACED);
static_assert(static_cast<int>(LogBreakKind::kThingMissing) ==
              v1::RELEASE_LOG_BREAK_KIND_THING_MISSING);
static_assert(static_cast<int>(LogBreakKind::kContentChanged) ==
              v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED);
static_assert(static_cast<int>(LogBreakKind::kThingWithoutEntry) ==
              v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY);
static_assert(static_cast<int>(LogBreakKind::kHeadMissing) ==
              v1::RELEASE_LOG_BREAK_KIND_HEAD_MISSING);
static_assert(static_cast<int>(LogBreakKind::kCasesChanged) ==
              v1::RELEASE_LOG_BREAK_KIND_CASES_CHANGED);
static_assert(static_cast<int>(LogBreakKind::kOutputsChanged) ==
              v1::RELEASE_LOG_BREAK_KIND_OUTPUTS_CHANGED);

namespace {

void ToProto(const ItemCounts& counts, v1::ItemCounts* proto) {
  proto->set_checked(counts.checked);
  proto->set_erased(counts.erased);
  proto->set_unchecked(counts.unchecked);
}

}  // namespace

ReleaseLogFilter FromProto(const v1::ListReleaseLogRequest& request) {
  ReleaseLogFilter filter{rpc::CommonFilter(request), {}};
  if (request.kind() != v1::RELEASE_KIND_UNSPECIFIED) {
    filter.kind = static_cast<ReleaseKind>(request.kind());
  }
  return filter;
}

void ToProto(const ReleaseLogEntry& entry, v1::ReleaseLogEntry* proto) {
  proto->set_sequence(entry.sequence);
  proto->set_kind(static_cast<v1::ReleaseKind>(entry.thing.kind));
  proto->set_agent(entry.thing.agent);
  proto->set_resource_id(entry.thing.resource_id);
  proto->set_of_before(entry.of_before);
  proto->set_content_hash(ToHex(entry.content_hash));
  proto->set_previous_hash(ToHex(entry.previous_hash));
  proto->set_entry_hash(ToHex(entry.entry_hash));
  *proto->mutable_create_time() = rpc::ToProto(entry.create_time);
  proto->set_created_by(entry.created_by);
}

void ToProto(const ReleaseLogState& state, v1::ReleaseLogState* proto) {
  proto->set_whole(!state.first_break);
  proto->set_whole_entries(state.whole_entries);
  proto->set_head_hash(ToHex(state.head_hash));
  proto->set_entries_of_before(state.entries_of_before);
  if (state.vouches_from) *proto->mutable_vouches_from() = rpc::ToProto(*state.vouches_from);
  proto->set_expected_head_sequence(state.expected_head_sequence);
  ToProto(state.cases, proto->mutable_cases());
  ToProto(state.outputs, proto->mutable_outputs());
  if (!state.first_break) return;
  v1::ReleaseLogBreak* const first = proto->mutable_first_break();
  first->set_kind(static_cast<v1::ReleaseLogBreakKind>(state.first_break->kind));
  first->set_sequence(state.first_break->sequence);
  first->set_message(state.first_break->message);
  if (!state.first_break->thing) return;
  first->set_resource_kind(static_cast<v1::ReleaseKind>(state.first_break->thing->kind));
  first->set_agent(state.first_break->thing->agent);
  first->set_resource_id(state.first_break->thing->resource_id);
}

}  // namespace flywheel::evalgate
