// Feed token: a place in ingest's feed, as clients hold it.
#ifndef FLYWHEEL_SHARED_RPC_FEED_TOKEN_H_
#define FLYWHEEL_SHARED_RPC_FEED_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel::rpc {

// What a token is, for whoever sent none.
inline constexpr std::string_view kFeedTokenFormat =
    "a token that Flywheel gave, or nothing for the feed's beginning";

// Opaque to clients, so that a place need not stay one number over all projects: one number is one
// hot place in a store of several machines. The empty token is the feed's beginning, 0.
std::string FeedToken(int64_t sequence);

// INVALID_ARGUMENT, with the name of the field, for a text that is none.
absl::StatusOr<int64_t> ParseFeedToken(std::string_view field, std::string_view token);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_FEED_TOKEN_H_
