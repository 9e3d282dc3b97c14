// Test fixture: ingest whose recognisers learn something after records have come.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_STORE_SCAN_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_STORE_SCAN_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/store_scan_service.grpc.pb.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::ingest {

class StoreScanTest : public PrivacyServiceTest {
 protected:
  static constexpr char kValue[] = "zebulon.pike@example.com";

  // The recognisers of before do not know e-mail.
  void SetUp() override {
    config_.redaction.config_file = dir_.path() + "/redaction.json";
    std::ofstream(config_.redaction.config_file) << R"({"disabled": ["email"]})";
    PrivacyServiceTest::SetUp();
  }

  void LearnEmail() {
    config_.redaction.config_file.clear();
    Start();
  }

  // What the stream ends with; every message must be of this scan.
  grpc::Status TryScan(const std::string& scan_id, bool rewrite, bool all_projects = false) {
    v1::ScanStoreRequest request;
    request.set_scan_id(scan_id);
    request.set_rewrite(rewrite);
    request.set_all_projects(all_projects);
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    const auto stub = v1::StoreScanService::NewStub(channel_.get());
    const auto reader = stub->ScanStore(&context, request);
    scans_.clear();
    v1::ScanStoreResponse response;
    while (reader->Read(&response)) {
      EXPECT_EQ(response.scan().scan_id(), scan_id);
      EXPECT_EQ(response.ShortDebugString().find("example.com"), std::string::npos);
      if (response.scan().complete()) scans_.push_back(response.scan());
    }
    return reader->Finish();
  }

  v1::StoreScan Scan(const std::string& scan_id, bool rewrite) {
    EXPECT_OK(TryScan(scan_id, rewrite));
    EXPECT_EQ(scans_.size(), 1u);
    return scans_.empty() ? v1::StoreScan() : scans_.front();
  }

  static int64_t Emails(const v1::StoreScan& scan) {
    for (const v1::FoundType& found : scan.found()) {
      if (found.type() == "EMAIL") return found.values();
    }
    return 0;
  }

  v1::GetInteractionResponse Get(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
    return response;
  }

  v1::Interaction Personal(const std::string& id) const {
    v1::Interaction interaction = Of("user-" + id, id);
    interaction.set_input(std::string("write to ") + kValue);
    (*interaction.mutable_attributes())["note"] = std::string("mail of ") + kValue;
    return interaction;
  }

  // A turn whose messages are stored apart from it, each once for all that repeat it.
  v1::Interaction Turn(const std::string& id, int turns) const {
    v1::Interaction interaction = Of("user-" + id, id, "session");
    interaction.clear_input();
    interaction.clear_output();
    const std::string filler(600, 'x');
    for (int i = 0; i < turns; ++i) {
      *interaction.add_history() =
          Says(common::v1::ROLE_USER, "turn " + std::to_string(i) + ": " + kValue + " " + filler);
    }
    *interaction.add_messages() = Says(common::v1::ROLE_USER, "and now? " + filler);
    *interaction.add_messages() = Says(common::v1::ROLE_ASSISTANT, "done. " + filler);
    return interaction;
  }

  v1::Signal Correction(const std::string& id, const std::string& interaction_id) const {
    v1::Signal signal = Signal(id, interaction_id);
    signal.mutable_correction()->set_ideal_output(std::string("ask ") + kValue);
    signal.set_comment(std::string("as ") + kValue + " said");
    return signal;
  }

  bool DiskHasValue() const {
    return testing::BytesBelow(dir_.path()).find(kValue) != std::string::npos;
  }

  std::vector<v1::StoreScan> scans_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_PRIVACY_STORE_SCAN_FIXTURE_H_
