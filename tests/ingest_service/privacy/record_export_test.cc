// What is exported of a subject: what its erasure takes, once each.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "shared/status/errors.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RecordExportTest : public PrivacyServiceTest {
 protected:
  struct Exported {
    std::vector<std::string> interactions;
    // "ID.REVISION".
    std::vector<std::string> signals;
    std::vector<v1::Consent> consents;
    int responses = 0;
    v1::Interaction last_interaction;
  };

  Exported Export(const v1::ExportRecordsRequest& request) {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    const auto stub = v1::PrivacyService::NewStub(channel_.get());
    const auto reader = stub->ExportRecords(&context, request);
    Exported exported;
    v1::ExportRecordsResponse response;
    while (reader->Read(&response)) {
      ++exported.responses;
      for (const v1::Interaction& interaction : response.interactions()) {
        exported.interactions.push_back(interaction.interaction_id());
        exported.last_interaction = interaction;
      }
      for (const v1::Signal& signal : response.signals()) {
        exported.signals.push_back(signal.signal_id() + "." + std::to_string(signal.revision()));
      }
      exported.consents.insert(exported.consents.end(), response.consents().begin(),
                               response.consents().end());
    }
    status_ = reader->Finish();
    return exported;
  }
  Exported OfUser(const std::string& user) {
    v1::ExportRecordsRequest request;
    request.set_user_id(user);
    return Export(request);
  }
  Exported OfSession(const std::string& session) {
    v1::ExportRecordsRequest request;
    request.set_session_id(session);
    return Export(request);
  }
  Exported OfInteraction(const std::string& interaction) {
    v1::ExportRecordsRequest request;
    request.set_interaction_id(interaction);
    return Export(request);
  }

  // Two people, a session of each and one of both, and what was said about all of it.
  void WriteBoth() {
    Log({Of("ada", "a1", "hers"), Of("ada", "a2", "hers"), Of("bob", "b1", "theirs"),
         Of("ada", "a3", "theirs"), Of("bob", "b2", "his"), Of("ada", "a4")});
    v1::Signal revised = By("ada", "own", "a1");
    revised.set_revision(1);
    v1::Signal of_hers = AboutSession("of-hers", "hers");
    of_hers.set_actor_id("ada");
    v1::Signal of_theirs_too = AboutSession("of-theirs-too", "theirs");
    of_theirs_too.set_actor_id("ada");
    Record({By("ada", "own", "a1"), revised, By("staff", "staff", "a2"),
            By("ada", "about-b1", "b1"), By("bob", "his-own", "b1"), of_hers,
            AboutSession("of-theirs", "theirs"), of_theirs_too, AboutSession("of-his", "his"),
            By("ada", "of-nothing", "never-came")});
  }

  grpc::Status status_;
};

TEST_F(RecordExportTest, GivesAPersonWhatTheirErasureWouldTakeOnceEach) {
  WriteBoth();
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  const Exported exported = OfUser("ada");
  EXPECT_OK(status_);
  EXPECT_THAT(exported.interactions, ElementsAre("a1", "a2", "a3", "a4"));
  EXPECT_THAT(exported.signals,
              UnorderedElementsAre("own.0", "own.1", "staff.0", "of-hers.0", "about-b1.0",
                                   "of-theirs-too.0", "of-nothing.0"));
  ASSERT_THAT(exported.consents, SizeIs(1));
  EXPECT_EQ(exported.consents[0].purpose(), v1::PURPOSE_TRAIN);
  EXPECT_FALSE(exported.consents[0].allowed());
  EXPECT_EQ(exported.consents[0].user_id(), exported.last_interaction.user_id());
  EXPECT_NE(exported.consents[0].user_id(), "ada") << "by the pseudonym";
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), static_cast<int64_t>(exported.interactions.size()));
  EXPECT_EQ(erasure.signals(), static_cast<int64_t>(exported.signals.size()));
  const Exported afterwards = OfUser("ada");
  EXPECT_THAT(afterwards.interactions, IsEmpty());
  EXPECT_THAT(afterwards.signals, IsEmpty());
  EXPECT_THAT(afterwards.consents, SizeIs(1)) << "an erasure leaves them in force";
}

TEST_F(RecordExportTest, GivesASessionAndAnInteractionTheSameWay) {
  WriteBoth();
  const Exported session = OfSession("theirs");
  EXPECT_THAT(session.interactions, ElementsAre("b1", "a3"));
  EXPECT_THAT(session.signals,
              UnorderedElementsAre("about-b1.0", "his-own.0", "of-theirs.0", "of-theirs-too.0"));
  const Exported interaction = OfInteraction("a1");
  EXPECT_THAT(interaction.interactions, ElementsAre("a1"));
  EXPECT_THAT(interaction.signals, ElementsAre("own.0", "own.1"));
  const Exported never_came = OfInteraction("never-came");
  EXPECT_THAT(never_came.interactions, IsEmpty());
  EXPECT_THAT(never_came.signals, ElementsAre("of-nothing.0"));
  for (const auto& [request, signals] :
       {std::pair{EraseInteractionRequest("e1", "a1"), interaction.signals},
        std::pair{EraseInteractionRequest("e2", "never-came"), never_came.signals},
        std::pair{EraseSessionRequest("e3", "theirs"), session.signals}}) {
    EXPECT_EQ(Erase(request).signals(), static_cast<int64_t>(signals.size()));
  }
}

TEST_F(RecordExportTest, ComesInResponsesThatAClientOfDefaultSettingsTakes) {
  std::vector<v1::Interaction> interactions;
  for (int i = 0; i < 30; ++i) {
    interactions.push_back(Of("ada", "a" + std::to_string(i), "hers"));
    interactions.back().set_output(std::string(200'000, 'x'));
  }
  interactions.push_back(Of("ada", "long"));
  interactions.back().set_output(std::string(2'000'000, 'x'));
  Log(interactions);
  std::vector<v1::Signal> signals;
  for (int i = 0; i < 1'200; ++i) {
    signals.push_back(By("staff", "s" + std::to_string(i), "a" + std::to_string(i % 2)));
  }
  Record(signals);
  const Exported exported = OfUser("ada");
  EXPECT_OK(status_);
  EXPECT_THAT(exported.interactions, SizeIs(31));
  EXPECT_THAT(exported.signals, SizeIs(1'200));
  EXPECT_GT(exported.responses, 10);
}

TEST_F(RecordExportTest, HasNothingOfOthersOrOfOtherProjects) {
  WriteBoth();
  EXPECT_THAT(OfUser("eve").interactions, IsEmpty());
  EXPECT_OK(status_);
  OfSession("");
  EXPECT_THAT(status_, HasReason(Reason::kInvalidArgument));
  Export({});
  EXPECT_THAT(status_, HasReason(Reason::kInvalidArgument));
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20), "elsewhere");
  v1::ExportRecordsRequest request;
  request.set_user_id("ada");
  const auto stub = v1::PrivacyService::NewStub(channel_.get());
  const auto reader = stub->ExportRecords(&context, request);
  v1::ExportRecordsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_OK(reader->Finish());
}

}  // namespace
}  // namespace flywheel::ingest
