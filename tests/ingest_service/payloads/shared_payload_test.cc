// A payload whose messages were taken out is the same bytes once they are back.
#include "ingest_service/payloads/shared_payload.h"

#include <gtest/gtest.h>

#include "ingest_service/domain/payload_form.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "shared/testing/status_matchers.h"
#include "tests/ingest_service/conversation.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

v1::Interaction Turn() {
  v1::Interaction turn;
  turn.set_interaction_id("i");
  turn.set_agent("support");
  // On both sides of the messages, by field number.
  (*turn.mutable_attributes())["channel"] = "web";
  turn.add_tools()->set_name("find_order");
  turn.set_finish_reason("stop");
  turn.set_previous_interaction_id("h");
  *turn.add_history() = Says(common::v1::ROLE_SYSTEM, "Be kind.");
  *turn.add_history() = Says(common::v1::ROLE_USER, "Hello");
  *turn.add_history() = Says(common::v1::ROLE_ASSISTANT, std::string(70'000, 'x'));
  *turn.add_messages() = Says(common::v1::ROLE_USER, "Where is it?");
  *turn.add_messages() = Says(common::v1::ROLE_ASSISTANT, "");
  return turn;
}

std::vector<std::string> Bodies(const std::vector<SharedMessage>& messages) {
  std::vector<std::string> bodies;
  for (const SharedMessage& message : messages) bodies.push_back(message.body);
  return bodies;
}

TEST(SharedPayload, IsTheSameBytesWithItsMessages) {
  v1::Interaction no_rest;
  *no_rest.add_history() = Says(common::v1::ROLE_SYSTEM, "Be kind.");
  v1::Interaction history_alone = Turn();
  history_alone.clear_messages();
  history_alone.set_input("Where is it?");
  v1::Interaction messages_alone = Turn();
  messages_alone.clear_history();
  for (const v1::Interaction& turn : {Turn(), no_rest, history_alone, messages_alone}) {
    const std::string payload = CanonicalBytes(turn);
    std::string row = payload;
    const std::vector<SharedMessage> messages = TakeMessages("shop", row);
    EXPECT_EQ(static_cast<int>(messages.size()), turn.history_size() + turn.messages_size());
    EXPECT_EQ(PayloadBytes(PayloadForm::kShared, row), static_cast<int64_t>(payload.size()));
    const absl::StatusOr<std::string> back = PutMessagesBack(row, Bodies(messages));
    ASSERT_OK(back);
    EXPECT_EQ(*back, payload);
  }
}

TEST(SharedPayload, APathIsTheProjectAndAllThatWasSaidUpToIt) {
  const auto paths = [](const std::string& project, const v1::Interaction& turn) {
    std::string row = CanonicalBytes(turn);
    std::vector<std::string> hashes;
    for (const SharedMessage& message : TakeMessages(project, row)) {
      hashes.push_back(message.path_hash);
    }
    return hashes;
  };
  v1::Interaction next = Turn();
  // What were messages of a turn is history of the next.
  const v1::Interaction turn = Turn();
  for (const common::v1::Message& message : turn.messages()) *next.add_history() = message;
  next.clear_messages();
  EXPECT_EQ(paths("shop", Turn()), paths("shop", next));
  EXPECT_NE(paths("shop", Turn())[0], paths("bank", Turn())[0]);
  v1::Interaction other = Turn();
  other.mutable_history(1)->mutable_parts(0)->set_text("Good morning");
  EXPECT_EQ(paths("shop", Turn())[0], paths("shop", other)[0]);
  for (size_t i = 1; i < 5; ++i) EXPECT_NE(paths("shop", Turn())[i], paths("shop", other)[i]);
}

TEST(SharedPayload, MessagesOfAnotherRowAreNoticed) {
  std::string row = CanonicalBytes(Turn());
  std::vector<std::string> bodies = Bodies(TakeMessages("shop", row));
  bodies.pop_back();
  EXPECT_THAT(PutMessagesBack(row, bodies).status(), HasReason(Reason::kStoreCorrupt));
  for (const char* damaged : {"no head", "-1 5\nrest", "1 -5\nrest", "1 99999999999\nrest"}) {
    EXPECT_THAT(PutMessagesBack(damaged, bodies).status(), HasReason(Reason::kStoreCorrupt));
  }
}

}  // namespace
}  // namespace flywheel::ingest
