// Target of an upstream: its address with the CA, key and certificate of the service that calls it.
#ifndef FLYWHEEL_SHARED_RPC_UPSTREAM_TARGET_H_
#define FLYWHEEL_SHARED_RPC_UPSTREAM_TARGET_H_

#include <string>

#include "shared/rpc/channel.h"
#include "shared/rpc/server_config.h"

namespace flywheel::rpc {

// How a service with this configuration speaks to the one at `address`, HOST:PORT. To a server that
// asks for a client certificate it shows the one that it serves with.
inline Target UpstreamTarget(const std::string& address, const ServerConfig& config) {
  return {address, config.upstream_ca_file, config.upstream_key_file, config.tls_certificate_file,
          config.tls_key_file};
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_UPSTREAM_TARGET_H_
