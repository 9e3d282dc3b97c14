// What the requests of all lists have in common: their filter, and the scope of their page tokens.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_LIST_REQUEST_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_LIST_REQUEST_H_

#include <map>
#include <string>

#include "curation_service/domain/list_filter.h"
#include "flywheel/common/v1/list_order.pb.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::curation {

template <typename Request>
ListFilter CommonFilter(const Request& request) {
  ListFilter filter;
  filter.agent = request.agent();
  if (request.has_create_time_from()) {
    filter.create_time_from = rpc::FromProto(request.create_time_from());
  }
  if (request.has_create_time_before()) {
    filter.create_time_before = rpc::FromProto(request.create_time_before());
  }
  filter.labels.insert(request.labels().begin(), request.labels().end());
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
  for (const auto& [name, value] : filter.labels) scope.Add(name).Add(value);
  return scope;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_LIST_REQUEST_H_
