#include "shared/audit/audit_rpc.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "shared/audit/audit_store.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/project_scope.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/clock.h"

namespace flywheel::audit {
namespace {

constexpr size_t kMaxFilterBytes = 128;
constexpr absl::Duration kRefusalPause = absl::Minutes(1);
// Above, those whose pause is over are forgotten.
constexpr size_t kManyRefusals = 1'000;
constexpr int64_t kRowsPerWrite = 1'000;
constexpr absl::Duration kBetweenRemovals = absl::Hours(1);

absl::Status Validate(const v1::ListAuditEventsRequest& request, absl::Time now) {
  rpc::FieldChecks checks(now);
  checks.OptionalName("key_id", request.key_id(), kMaxFilterBytes);
  checks.OptionalName("method", request.method(), kMaxFilterBytes);
  checks.OptionalName("resource_id", request.resource_id(), kMaxFilterBytes);
  checks.Enum("order", common::v1::ListOrder_IsValid(request.order()), request.order());
  return checks.status();
}

AuditFilter FromProto(const v1::ListAuditEventsRequest& request) {
  AuditFilter filter;
  filter.key_id = request.key_id();
  filter.method = request.method();
  filter.resource_id = request.resource_id();
  if (request.has_start_time()) filter.start_time = rpc::FromProto(request.start_time());
  if (request.has_end_time()) filter.end_time = rpc::FromProto(request.end_time());
  filter.oldest_first = request.order() == common::v1::LIST_ORDER_OLDEST_FIRST;
  return filter;
}

void ToProto(const AuditEvent& event, v1::AuditEvent* proto) {
  *proto->mutable_event_time() = rpc::ToProto(event.time);
  proto->set_project(event.actor.project);
  proto->set_key_id(event.actor.key_id);
  proto->set_method(event.actor.method);
  proto->set_resource_kind(event.resource.kind);
  proto->set_resource_id(event.resource.id);
  proto->set_detail(event.resource.detail);
  proto->set_reason(static_cast<common::v1::ErrorReason>(event.reason));
  proto->set_request_id(event.actor.request_id);
}

// What the error is about, in its own words.
Resource ResourceOf(const absl::Status& status) {
  const std::map<std::string, std::string> metadata = errors::MetadataOf(status);
  const auto value = [&metadata](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  return {value("what"), value("id")};
}

}  // namespace

AuditRpc::AuditRpc(rpc::Endpoint* endpoint, sql::Database* database, absl::Duration retention)
    : endpoint_(*endpoint),
      database_(database),
      retention_(retention),
      loop_(
          {.name = "audit", .max_backoff = absl::Minutes(1)}, [this] { return RemoveOld(); },
          &endpoint->metrics()) {
  endpoint->OnRefused(
      [this](const rpc::Actor& actor, const absl::Status& status) { KeepRefusal(actor, status); });
}

grpc::Status AuditRpc::ListAuditEvents(grpc::ServerContext* context,
                                       const v1::ListAuditEventsRequest* request,
                                       v1::ListAuditEventsResponse* response) {
  return endpoint_.Serve(
      *context, "ListAuditEvents", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoListAuditEvents(caller, *request, response); });
}

absl::Status AuditRpc::DoListAuditEvents(const rpc::Caller& caller,
                                         const v1::ListAuditEventsRequest& request,
                                         v1::ListAuditEventsResponse* response) {
  RETURN_IF_ERROR(Validate(request, endpoint_.clock().Now()));
  AuditFilter filter = FromProto(request);
  ASSIGN_OR_RETURN(filter.project, rpc::ProjectScope(caller, request.all_projects()));
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  // A page of one list says nothing in another.
  const std::string scope = fmt::format(
      "audit events of {} {} {} {} {} {} {}", filter.project, filter.key_id, filter.method,
      filter.resource_id, absl::FormatTime(filter.start_time, absl::UTCTimeZone()),
      absl::FormatTime(filter.end_time, absl::UTCTimeZone()), filter.oldest_first);
  ASSIGN_OR_RETURN(filter.beyond_sequence, rpc::ParsePageToken(scope, request.page_token()));
  // One more than asked for tells whether there is another page.
  ASSIGN_OR_RETURN(std::vector<AuditEvent> events, database_->Read([&](sql::Connection& db) {
    return AuditStore(db).List(filter, page_size + 1);
  }));
  int64_t next = 0;
  if (static_cast<int64_t>(events.size()) > page_size) {
    events.pop_back();
    next = events.back().sequence;
  }
  for (const AuditEvent& event : events) ToProto(event, response->add_events());
  response->set_next_page_token(rpc::PageToken(scope, next));
  return absl::OkStatus();
}

void AuditRpc::KeepRefusal(const rpc::Actor& actor, const absl::Status& status) {
  const absl::Time now = endpoint_.clock().Now();
  if (!IsDue(actor, status, now)) return;
  AuditEvent event{.time = now,
                   .actor = actor,
                   .resource = ResourceOf(status),
                   .reason = errors::ReasonOf(status)};
  // Nobody waits for it, and a refusal that cannot be kept is a refusal all the same.
  database_->WriteAsync(
      sql::Database::kSmallWriteBytes,
      [event = std::move(event)](sql::Connection& connection) {
        return AuditStore(connection).Append(event);
      },
      [](const absl::Status& written) {
        if (written.ok()) return;
        spdlog::warn("event=refusal_not_kept message={}", Quoted(errors::MessageOf(written)));
      });
}

bool AuditRpc::IsDue(const rpc::Actor& actor, const absl::Status& status, absl::Time now) {
  const std::string what = fmt::format("{} {} {} {}", actor.project, actor.key_id, actor.method,
                                       static_cast<int>(errors::ReasonOf(status)));
  absl::MutexLock lock(&mutex_);
  if (due_.size() > kManyRefusals) {
    std::erase_if(due_, [now](const auto& one) { return one.second <= now; });
  }
  absl::Time& due = due_.try_emplace(what, absl::InfinitePast()).first->second;
  if (now < due) return false;
  due = now + kRefusalPause;
  return true;
}

absl::StatusOr<absl::Duration> AuditRpc::RemoveOld() {
  const absl::Time before = endpoint_.clock().Now() - retention_;
  // Looks first: where nothing is too old, nothing is written.
  ASSIGN_OR_RETURN(bool more, database_->Read([&](sql::Connection& connection) {
    return AuditStore(connection).HasOlder(before);
  }));
  while (more && !loop_.stopping()) {
    ASSIGN_OR_RETURN(const int64_t removed, database_->Write([&](sql::Connection& connection) {
      return AuditStore(connection).RemoveOlder(before, kRowsPerWrite);
    }));
    more = removed == kRowsPerWrite;
  }
  return kBetweenRemovals;
}

}  // namespace flywheel::audit
