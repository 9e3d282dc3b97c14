#include "shared/rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <climits>
#include <fstream>
#include <iterator>
#include <string_view>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::rpc {
namespace {

absl::StatusOr<std::string> ReadPem(std::string_view what, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return errors::InvalidConfiguration(what, fmt::format("'{}', which cannot be read", path),
                                        "a readable PEM file");
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

absl::StatusOr<Channel> Channel::Open(const Target& target) {
  Channel channel;
  channel.address_ = target.address;
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!target.ca_file.empty()) {
    grpc::SslCredentialsOptions options;
    ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem("CA file", target.ca_file));
    if (!target.certificate_file.empty()) {
      ASSIGN_OR_RETURN(options.pem_cert_chain,
                       ReadPem("certificate file", target.certificate_file));
      ASSIGN_OR_RETURN(options.pem_private_key,
                       ReadPem("certificate key file", target.certificate_key_file));
    }
    credentials = grpc::SslCredentials(options);
  }
  if (!target.key_file.empty()) {
    std::ifstream file(target.key_file);
    if (!(file >> channel.key_)) {
      return errors::InvalidConfiguration(
          "key file", fmt::format("'{}', which cannot be read", target.key_file),
          "a readable file that begins with a key");
    }
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(INT_MAX);
  // A neighbour that restarts is back within a second; the default would wait for up to two
  // minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  channel.channel_ = grpc::CreateCustomChannel(target.address, credentials, arguments);
  return channel;
}

void Channel::Prepare(grpc::ClientContext& context, absl::Duration timeout,
                      const std::string& project) const {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
  if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
  if (!project.empty()) context.AddMetadata("x-flywheel-project", project);
}

}  // namespace flywheel::rpc
