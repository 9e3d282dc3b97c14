// Waits for the end of a dataset build, for tests that are about what comes after it.
#ifndef FLYWHEEL_TESTS_INTEGRATION_AWAIT_DATASET_H_
#define FLYWHEEL_TESTS_INTEGRATION_AWAIT_DATASET_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"

namespace flywheel {

// The version as it is ready; fails the test where it does not get so far.
inline curation::v1::DatasetVersion AwaitDataset(
    const std::shared_ptr<grpc::ChannelInterface>& channel, const std::string& dataset_version_id) {
  const auto stub = curation::v1::CurationService::NewStub(channel);
  curation::v1::WatchDatasetVersionRequest request;
  request.set_dataset_version_id(dataset_version_id);
  grpc::ClientContext context;
  const auto reader = stub->WatchDatasetVersion(&context, request);
  curation::v1::WatchDatasetVersionResponse response;
  while (reader->Read(&response)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  const curation::v1::DatasetVersion& version = response.dataset_version();
  EXPECT_EQ(version.state(), curation::v1::DATASET_VERSION_STATE_READY)
      << version.failure().message();
  return version;
}

}  // namespace flywheel

#endif  // FLYWHEEL_TESTS_INTEGRATION_AWAIT_DATASET_H_
