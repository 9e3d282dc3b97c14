#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

TEST_F(IngestTest, SaysByNameWhatASignalMayHold) {
  v1::Signal nobodys = Signal("nobodys", "a");
  nobodys.clear_actor();
  v1::Signal empty = Signal("empty", "a");
  empty.mutable_correction();
  v1::Signal of_tool = Signal("of-tool", "a");
  *of_tool.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_TOOL, "a");
  v1::Signal of_nobody = Signal("of-nobody", "a");
  *of_nobody.mutable_correction()->add_ideal_messages() = Says(common::v1::ROLE_UNSPECIFIED, "a");
  v1::Signal call_alone = Signal("call-alone", "a");
  call_alone.mutable_correction()->set_ideal_output("a");
  common::v1::Message& call = *call_alone.mutable_correction()->add_ideal_messages();
  call.set_role(common::v1::ROLE_ASSISTANT);
  call.add_parts()->mutable_tool_call()->set_name("tool");
  const auto results = Record({nobodys, empty, of_tool, of_nobody, call_alone}).results();
  const std::vector<std::string> wants = {
      "actor: got ACTOR_UNSPECIFIED, want ACTOR_USER, ACTOR_STAFF or ACTOR_SYSTEM",
      "ideal_output: got nothing, want some text, or ideal_messages",
      "ideal_messages: got a last message of ROLE_TOOL, want one of ROLE_ASSISTANT",
      "role: got ROLE_UNSPECIFIED, want ROLE_SYSTEM, ROLE_USER",
      "want nothing: the last of ideal_messages holds no text"};
  ASSERT_EQ(results.size(), static_cast<int>(wants.size()));
  for (size_t i = 0; i < wants.size(); ++i) {
    EXPECT_THAT(results[static_cast<int>(i)].message(), ::testing::HasSubstr(wants[i]));
  }
}

}  // namespace
}  // namespace flywheel::ingest
