// The principal of a call: whose key made it, for which tenant, and the names of the call.
#ifndef FLYWHEEL_SHARED_RPC_ACTOR_H_
#define FLYWHEEL_SHARED_RPC_ACTOR_H_

#include <string>

namespace flywheel::rpc {

// Who does something. What comes of it keeps key_id, which the server sets and no request says.
struct Actor {
  // The tenant. Never "*", unless the call was refused.
  std::string project;
  // The id of the key; empty where the server has no keys.
  std::string key_id = {};
  // Such as "CreateSuite".
  std::string method = {};
  // From x-request-id, or made by the server; in the log and in every error.
  std::string request_id = {};
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_ACTOR_H_
