// Reads feed tokens in tests, which know how many records they made.
#ifndef FLYWHEEL_SHARED_TESTING_FEED_SEQUENCE_H_
#define FLYWHEEL_SHARED_TESTING_FEED_SEQUENCE_H_

#include <cstdint>
#include <string>

#include "shared/rpc/feed_token.h"

namespace flywheel::testing {

// The sequence that a token stands for; throws for a text that is none.
inline int64_t FeedSequence(const std::string& token) {
  return rpc::ParseFeedToken("token", token).value();
}

}  // namespace flywheel::testing

#endif  // FLYWHEEL_SHARED_TESTING_FEED_SEQUENCE_H_
