// What the requests of all lists have in common: their filter, its checks, and the scope of their
// page tokens.
#ifndef FLYWHEEL_SHARED_RPC_LIST_REQUEST_H_
#define FLYWHEEL_SHARED_RPC_LIST_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "flywheel/common/v1/list_order.pb.h"
#include "shared/hashing/content_hash.h"
#include "shared/lists/list_filter.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::rpc {

// What has no labels is listed by the rest of the filter.
template <typename Request>
inline constexpr bool kHasLabels = requires(const Request& request) {
  request.labels();
};

template <typename Request>
void CheckListFilter(const Request& request, FieldChecks& checks) {
  // The length of interaction.proto.
  constexpr size_t kMaxAgentBytes = 128;
  checks.Text("agent", request.agent(), kMaxAgentBytes);
  if constexpr (kHasLabels<Request>) checks.Labels("labels", request.labels());
  checks.Enum("order", common::v1::ListOrder_IsValid(request.order()), request.order());
}

template <typename Request>
ListFilter CommonFilter(const Request& request) {
  ListFilter filter;
  filter.agent = request.agent();
  if (request.has_create_time_from()) {
    filter.create_time_from = FromProto(request.create_time_from());
  }
  if (request.has_create_time_before()) {
    filter.create_time_before = FromProto(request.create_time_before());
  }
  if constexpr (kHasLabels<Request>) {
    filter.labels.insert(request.labels().begin(), request.labels().end());
  }
  filter.oldest_first = request.order() == common::v1::LIST_ORDER_OLDEST_FIRST;
  return filter;
}

// A page of one list, project and filter says nothing in another. The caller adds what its own
// filter has besides.
template <typename Request>
ContentHash ListScope(const char* list, const std::string& project, const Request& request) {
  const ListFilter filter = CommonFilter(request);
  ContentHash scope;
  scope.Add(list).Add(project).Add(filter.agent).Add(int64_t{filter.oldest_first});
  scope.Add(absl::ToUnixMicros(filter.create_time_from.value_or(absl::InfinitePast())));
  scope.Add(absl::ToUnixMicros(filter.create_time_before.value_or(absl::InfiniteFuture())));
  // Their number first, so that a label is no part of what the caller adds.
  scope.Add(static_cast<int64_t>(filter.labels.size()));
  for (const auto& [name, value] : filter.labels) scope.Add(name).Add(value);
  return scope;
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_LIST_REQUEST_H_
