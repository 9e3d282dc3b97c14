// Records that are refused because nobody could read them, or nothing would redact them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ingest_service/domain/record_limits.h"
#include "shared/testing/status_matchers.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

TEST_F(IngestTest, RefusesWhatReadersCouldNotTake) {
  // What stands in the messages is answered as the input too.
  v1::Interaction twice = Interaction("twice");
  twice.clear_input();
  twice.clear_output();
  *twice.add_messages() = Says(common::v1::ROLE_USER, std::string(2'000'000, 'x'));
  const auto response = Log({twice});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(0).reason(), common::v1::ERROR_REASON_TOO_LARGE);
}

// Short of half the bound, because it is shown twice: 200 words of 6 bytes with their blanks.
std::string NearlyTooLong(const std::string& word) {
  std::string text(static_cast<size_t>(kMaxShownBytes / 2 - 1'800), 'x');
  for (int i = 0; i < 200; ++i) text += " " + word;
  return text;
}

TEST_F(IngestTest, RefusesWhatRedactionMakesTooLong) {
  v1::Interaction fits = Interaction("fits");
  v1::Interaction grows = Interaction("grows");
  v1::Signal same = Signal("same", "fits");
  v1::Signal longer = Signal("longer", "fits");
  const auto say = [](v1::Interaction& interaction, const std::string& word) {
    interaction.clear_input();
    interaction.clear_output();
    *interaction.add_messages() = Says(common::v1::ROLE_USER, NearlyTooLong(word));
  };
  const auto correct = [](v1::Signal& signal, const std::string& word) {
    *signal.mutable_correction()->add_ideal_messages() =
        Says(common::v1::ROLE_ASSISTANT, NearlyTooLong(word));
  };
  say(fits, "thanks");
  say(grows, "a@b.co");
  const auto logged = Log({fits, grows});
  EXPECT_EQ(logged.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(logged.results(1).reason(), common::v1::ERROR_REASON_TOO_LARGE);
  correct(same, "thanks");
  correct(longer, "a@b.co");
  const auto recorded = Record({same, longer});
  EXPECT_EQ(recorded.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(recorded.results(1).reason(), common::v1::ERROR_REASON_TOO_LARGE);
}

TEST_F(IngestTest, ReadersOfDefaultSettingsTakeTheLongestRecordsWithTheirSignals) {
  for (const char* id : {"a", "b", "c"}) {
    v1::Interaction longest = Interaction(id);
    longest.clear_input();
    longest.clear_output();
    *longest.add_messages() = Says(common::v1::ROLE_USER, std::string(1'250'000, 'x'));
    ASSERT_EQ(Log({longest}).results(0).status(), common::v1::ITEM_STATUS_STORED);
    for (int i = 0; i < 3; ++i) {
      v1::Signal signal = Signal(id + std::to_string(i), id);
      *signal.mutable_correction()->add_ideal_messages() =
          Says(common::v1::ROLE_ASSISTANT, std::string(500'000, 'x'));
      Record({signal});
    }
  }
  v1::GetInteractionRequest request;
  request.set_interaction_id("a");
  v1::GetInteractionResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
  EXPECT_EQ(response.signals_size(), 1);
  EXPECT_TRUE(response.signals_truncated());
  v1::ListInteractionsRequest list;
  v1::ListInteractionsResponse page;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, list, &page));
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto reader = stub_->ReadFeed(&context, v1::ReadFeedRequest());
  int entries = 0;
  v1::ReadFeedResponse feed;
  while (entries < 12 && reader->Read(&feed)) entries += feed.entries_size();
  EXPECT_EQ(entries, 12);
  context.TryCancel();
  static_cast<void>(reader->Finish());
}

TEST_F(IngestTest, RefusesWhatItDoesNotKnowBecauseNothingWouldRedactIt) {
  // A field of a newer contract, on top and within.
  v1::Interaction on_top = Interaction("a");
  on_top.GetReflection()->MutableUnknownFields(&on_top)->AddLengthDelimited(1'000,
                                                                            "ada@example.com");
  v1::Interaction within = Interaction("b");
  common::v1::RetrievedContext* const context = within.add_contexts();
  context->GetReflection()->MutableUnknownFields(context)->AddLengthDelimited(1'000,
                                                                              "ada@example.com");
  v1::Interaction deep = Interaction("c");
  common::v1::Message* const said = deep.add_history();
  said->set_role(common::v1::ROLE_ASSISTANT);
  said->add_parts()->set_text("One moment.");
  common::v1::ToolCall* const call = said->add_parts()->mutable_tool_call();
  call->set_name("find_order");
  call->GetReflection()->MutableUnknownFields(call)->AddVarint(1'000, 1);
  const auto response = Log({on_top, within, deep, Interaction("d")});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(response.results(i).status(), common::v1::ITEM_STATUS_REJECTED);
    EXPECT_THAT(response.results(i).message(), ::testing::HasSubstr("does not know"));
  }
  EXPECT_EQ(response.results(3).status(), common::v1::ITEM_STATUS_STORED);
}

}  // namespace
}  // namespace flywheel::ingest
