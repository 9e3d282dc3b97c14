// Runs one service as a process of its own, its upstream down.
#ifndef FLYWHEEL_TESTS_INTEGRATION_LOCAL_SERVICE_H_
#define FLYWHEEL_TESTS_INTEGRATION_LOCAL_SERVICE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "cli/local_services.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/field_checks.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/cli/command_runner.h"

namespace flywheel::integration {

inline ingest::v1::Interaction MakeInteraction(const std::string& id) {
  ingest::v1::Interaction interaction;
  interaction.set_interaction_id(id);
  interaction.set_agent("support");
  interaction.set_input("where is my card");
  interaction.set_output("on its way");
  *interaction.mutable_start_time() = rpc::ToProto(absl::Now());
  return interaction;
}

// A test that starts services on free ports and calls them.
class LocalServiceTest : public ::testing::Test {
 protected:
  static cli::LocalServicesOptions Options(const std::string& directory,
                                           std::vector<cli::Service> services) {
    cli::LocalServicesOptions options;
    options.data_dir = directory + "/data";
    options.binary_dir = cli::BinDir();
    options.services = std::move(services);
    options.free_ports = true;
    options.metrics = false;
    return options;
  }

  void StartAlone(cli::Service service) {
    auto started = cli::LocalServices::Start(Options(dir_.path(), {service}));
    ASSERT_OK(started);
    services_ = *std::move(started);
    channel_ = *rpc::Channel::Open({services_->at(service).address, "", ""});
  }

  // A unary call of the service's stub, as Call<IngestService>(&Stub::GetStats, request, &reply).
  template <typename Service, typename Request, typename Response>
  grpc::Status Call(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    const auto stub = Service::NewStub(channel_.get());
    return (stub.get()->*method)(&context, request, response);
  }

  testing::TempDir dir_;
  std::unique_ptr<cli::LocalServices> services_;
  rpc::Channel channel_ = *rpc::Channel::Open({"127.0.0.1:1", "", ""});
};

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_LOCAL_SERVICE_H_
