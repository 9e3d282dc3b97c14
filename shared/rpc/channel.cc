#include "shared/rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

#include "shared/rpc/pem_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::rpc {
namespace {

// gRPC works on the connections of synchronous calls only while one waits, and every five seconds
// besides: a caller that fails, waits and tries again would find a server that came up in between
// five seconds later, or never. Read once when gRPC starts, so it is set before main.
[[maybe_unused]] const int kPollOften =
    setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", /*overwrite=*/0);

}  // namespace

absl::StatusOr<Channel> Channel::Open(const Target& target) {
  Channel channel;
  channel.address_ = target.address;
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!target.ca_file.empty()) {
    grpc::SslCredentialsOptions options;
    ASSIGN_OR_RETURN(options.pem_root_certs, ReadPemFile("CA file", target.ca_file));
    if (!target.certificate_file.empty()) {
      ASSIGN_OR_RETURN(options.pem_cert_chain,
                       ReadPemFile("certificate file", target.certificate_file));
      ASSIGN_OR_RETURN(options.pem_private_key,
                       ReadPemFile("certificate key file", target.certificate_key_file));
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
    // gRPC ends the process, and prints the key, where a header holds anything else.
    for (const char c : channel.key_) {
      if (c > ' ' && c < 0x7f) continue;
      return errors::InvalidConfiguration(
          "key file", fmt::format("'{}', whose first word is not printable ASCII", target.key_file),
          "a file that begins with a key");
    }
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(target.max_answer_bytes);
  // An upstream that restarts is back within a second; the default would wait for up to two
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
