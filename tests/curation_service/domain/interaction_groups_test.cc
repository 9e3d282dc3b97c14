#include "curation_service/domain/interaction_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Interaction OfACustomer() {
  Interaction interaction;
  interaction.user_id = "u1";
  interaction.prompt_version = "P 7";
  for (const char* document : {"d1", "", "d2"}) {
    interaction.contexts.emplace_back().document_id = document;
  }
  interaction.attributes = {{"task_id", " 0 "}, {"template", "N/A"}, {"locale", "nb"}};
  return interaction;
}

TEST(InteractionGroups, AreTheValuesOfTheNamedAttributes) {
  EXPECT_THAT(GroupsOf(OfACustomer(), {"task_id"}), ElementsAre(InteractionGroup("task_id", "0")));
  EXPECT_THAT(GroupsOf(OfACustomer(), {"locale", "absent"}),
              ElementsAre(InteractionGroup("locale", "nb")));
  EXPECT_THAT(GroupsOf(OfACustomer(), {}), IsEmpty());
}

TEST(InteractionGroups, KnowTheInteractionsOwnFields) {
  EXPECT_THAT(
      GroupsOf(OfACustomer(), {"document_id", "prompt_version", "user_id"}),
      ElementsAre(InteractionGroup("document_id", "d1"), InteractionGroup("document_id", "d2"),
                  InteractionGroup("prompt_version", "p 7"), InteractionGroup("user_id", "u1")));
  Interaction said = OfACustomer();
  said.attributes["user_id"] = "the household";
  EXPECT_THAT(GroupsOf(said, {"user_id"}),
              ElementsAre(InteractionGroup("user_id", "the household")));
}

TEST(InteractionGroups, JoinNothingByAWordForNothing) {
  EXPECT_THAT(GroupsOf(OfACustomer(), {"template"}), IsEmpty());
  for (const char* value : {"", " ", "-", "Unknown", "NULL", "n/a", "None", "undefined"}) {
    EXPECT_FALSE(TellsGroups(value)) << value;
  }
  for (const char* value : {"0", "false", "default", "nobody", "1"}) {
    EXPECT_TRUE(TellsGroups(value)) << value;
  }
}

}  // namespace
}  // namespace flywheel::curation
