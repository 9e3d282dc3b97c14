// Where a page of a list begins.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_PAGE_TOKEN_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace flywheel::curation {

// A token for the page of things with an ordinal below `before_ordinal`, good for lists of the same
// `scope` (the list's name and its filters) alone; empty for 0, which stands for no further page.
std::string EncodePageToken(const std::string& scope, int64_t before_ordinal);

// The ordinal of a token; the highest number for an empty one. INVALID_ARGUMENT for a token that
// EncodePageToken did not make for this scope.
absl::StatusOr<int64_t> DecodePageToken(const std::string& scope, const std::string& token);

// 0 means 50, above 1,000 means 1,000. INVALID_ARGUMENT for a negative one.
absl::StatusOr<int64_t> PageSize(int32_t requested);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_PAGE_TOKEN_H_
