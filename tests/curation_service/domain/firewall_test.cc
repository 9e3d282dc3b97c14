#include "curation_service/domain/firewall.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace flywheel::curation {
namespace {

FirewallKeys With(FirewallKeys keys, const FirewallSplit& split) {
  for (const auto& [key, side] : split.new_keys) {
    EXPECT_TRUE(keys.emplace(key, side).second) << key << " was known";
  }
  return keys;
}

// A record that grows: sessions of a few interactions, inputs that repeat now and then.
std::vector<FirewallMember> RandomMembers(std::mt19937_64& random, size_t count) {
  std::vector<FirewallMember> members;
  for (size_t i = 0; i < count; ++i) {
    FirewallMember& member = members.emplace_back();
    member.interaction_id = "i" + std::to_string(i);
    if (random() % 4 != 0) member.session_id = "s" + std::to_string(random() % count);
    member.normalised_input = "input " + std::to_string(random() % (2 * count));
    if (random() % 2 == 0) member.groups.emplace_back("task", std::to_string(random() % count));
  }
  return members;
}

// Which sides each session and input stands on.
std::map<std::string, std::set<Split>> SidesOfKeys(const std::vector<FirewallMember>& members,
                                                   const FirewallSplit& split) {
  std::map<std::string, std::set<Split>> sides;
  for (size_t i = 0; i < members.size(); ++i) {
    if (!split.sides[i]) continue;
    if (!members[i].session_id.empty()) {
      sides["session " + members[i].session_id].insert(*split.sides[i]);
    }
    sides["input " + members[i].normalised_input].insert(*split.sides[i]);
    for (const auto& [name, value] : members[i].groups) {
      std::string key = name;
      sides[key.append(" ").append(value)].insert(*split.sides[i]);
    }
  }
  return sides;
}

TEST(Firewall, NeverHasASessionAGroupOrAnInputOnBothSidesInAnyTwoVersions) {
  std::mt19937_64 random(20'240'101);
  size_t left_out = 0;
  for (int trial = 0; trial < 30; ++trial) {
    const std::vector<FirewallMember> all = RandomMembers(random, 400);
    // Signals come in another order than interactions: each gets its first one in some version.
    std::vector<int> version_of(all.size());
    for (int& version : version_of) version = static_cast<int>(random() % 5);
    FirewallKeys known;
    std::map<std::string, std::set<Split>> ever;
    size_t eval_members = 0;
    for (int version = 0; version < 5; ++version) {
      std::vector<FirewallMember> members;
      for (size_t i = 0; i < all.size(); ++i) {
        if (version_of[i] <= version) members.push_back(all[i]);
      }
      // Every version asks for a share of its own.
      const double share = 0.05 + 0.1 * static_cast<double>(random() % 6);
      const FirewallSplit split = SplitByFirewall(members, known, share);
      for (const auto& [key, sides] : SidesOfKeys(members, split)) {
        ever[key].insert(sides.begin(), sides.end());
        EXPECT_EQ(ever[key].size(), 1u) << key << " stands on both sides";
      }
      for (const auto& side : split.sides) {
        if (!side) ++left_out;
        if (side == Split::kEval) ++eval_members;
      }
      known = With(known, split);
    }
    EXPECT_GT(eval_members, 0u);
  }
  EXPECT_GT(left_out, 0u);  // Otherwise the record was too simple to show anything.
}

TEST(Firewall, KeepsAComponentOnItsSideWhenAnEarlierMemberOrASmallerShareComes) {
  const std::vector<FirewallMember> first = {{"b", "s2", "hello"}};
  const FirewallSplit asked = SplitByFirewall(first, {}, /*eval_share=*/0.999999999);
  ASSERT_EQ(asked.sides[0], Split::kEval);
  const std::vector<FirewallMember> second = {{"a", "s1", "hello"}, {"b", "s2", "hello"}};
  const FirewallSplit split = SplitByFirewall(second, With({}, asked), /*eval_share=*/1e-9);
  EXPECT_EQ(split.sides[0], Split::kEval);
  EXPECT_EQ(split.sides[1], Split::kEval);
}

TEST(Firewall, LeavesOutWhatLiesBetweenTheSidesAndNothingElse) {
  const FirewallKeys known = {{SessionKey("train"), Split::kTrain},
                              {InputKey("trained"), Split::kTrain},
                              {SessionKey("eval"), Split::kEval},
                              {InputKey("asked"), Split::kEval}};
  const std::vector<FirewallMember> members = {
      {"old train", "train", "trained"}, {"old eval", "eval", "asked"},
      {"bridge", "train", "asked"},     // Known on both sides.
      {"new of eval", "eval", "news"},  // Of the eval session.
      {"like it", "train", "news"},     // Its input stands on the eval side now.
      {"far", "train", "else"},         // Touches the train side alone.
      {"farther", "far", "else"},       // Touches nothing that is known.
      {"apart", "apart", "apart"},
  };
  const FirewallSplit split = SplitByFirewall(members, known, /*eval_share=*/1e-9);
  const std::vector<std::optional<Split>> want = {Split::kTrain, Split::kEval, std::nullopt,
                                                  Split::kEval,  std::nullopt, Split::kTrain,
                                                  Split::kTrain, Split::kTrain};
  for (size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ(split.sides[i], want[i]) << members[i].interaction_id;
  }
  EXPECT_TRUE(std::is_sorted(split.new_keys.begin(), split.new_keys.end()));
  EXPECT_TRUE(std::count(split.new_keys.begin(), split.new_keys.end(),
                         std::pair(TextKey("news"), Split::kEval)));
}

TEST(Firewall, RemembersWhatWasTrainedOnAfterItsInteractionIsGone) {
  const std::vector<FirewallMember> first = {{"a", "s1", "hello"}};
  const FirewallSplit trained = SplitByFirewall(first, {}, /*eval_share=*/1e-9);
  ASSERT_EQ(trained.sides[0], Split::kTrain);
  const std::vector<FirewallMember> second = {{"b", "s2", "hello"}, {"c", "s3", "other"}};
  const FirewallSplit split =
      SplitByFirewall(second, With({}, trained), /*eval_share=*/0.999999999);
  EXPECT_EQ(split.sides[0], Split::kTrain);
  EXPECT_EQ(split.sides[1], Split::kEval);
}

TEST(Firewall, PutsAboutTheWantedShareOfSessionsOnTheEvalSide) {
  std::vector<FirewallMember> members;
  for (int i = 0; i < 10'000; ++i) {
    members.push_back({"i" + std::to_string(i), "s" + std::to_string(i), std::to_string(i)});
  }
  const FirewallSplit split = SplitByFirewall(members, {}, 0.1);
  const auto eval = std::count(split.sides.begin(), split.sides.end(), Split::kEval);
  EXPECT_NEAR(static_cast<double>(eval), 1'000, 120);  // Four standard deviations.
}

// Two hundred conversations that all begin with the same greeting.
std::vector<FirewallMember> Greeted(const std::string& names) {
  std::vector<FirewallMember> members;
  for (int i = 0; i < 200; ++i) {
    const std::string name = names + std::to_string(i);
    members.push_back({name + "-a", name, "hi"});
    members.push_back({name + "-b", name, "my parcel " + name + " is lost"});
  }
  return members;
}

TEST(Firewall, JoinsNothingByWhatEverybodySays) {
  for (int seed = 0; seed < 20; ++seed) {
    const std::vector<FirewallMember> members = Greeted("seed-" + std::to_string(seed) + "-");
    const FirewallSplit split = SplitByFirewall(members, {}, 0.2);
    int eval = 0;
    for (size_t i = 1; i < members.size(); i += 2) {
      ASSERT_TRUE(split.sides[i]) << "what was asked is not common";
      eval += *split.sides[i] == Split::kEval;
    }
    EXPECT_NEAR(eval, 40, 23) << seed;  // Four standard deviations.
    // The greeting has one side, and stands where its session stands there too.
    EXPECT_EQ(SidesOfKeys(members, split)["input hi"].size(), 1u);
  }
}

TEST(Firewall, KeepsACommonInputFromMovingOtherAgentsRowsAndLaterOnes) {
  const std::vector<FirewallMember> greeted = Greeted("s");
  const FirewallKeys known = With({}, SplitByFirewall(greeted, {}, 0.2));
  EXPECT_TRUE(known.contains(CommonTextKey("hi")));
  EXPECT_FALSE(known.contains(TextKey("hi")));
  // Another agent was greeted once or twice a session.
  std::vector<FirewallMember> others;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "other-" + std::to_string(i);
    others.push_back({name + "-a", name, i < 5 ? "hi" : name + " again"});
    others.push_back({name + "-b", name, name});
  }
  const FirewallSplit split = SplitByFirewall(others, known, 0.5);
  std::vector<FirewallMember> ungreeted = others;
  for (FirewallMember& member : ungreeted) {
    if (member.normalised_input == "hi") member.normalised_input = member.interaction_id;
  }
  const FirewallSplit alone = SplitByFirewall(ungreeted, {}, 0.5);
  for (size_t i = 1; i < others.size(); i += 2) EXPECT_EQ(split.sides[i], alone.sides[i]) << i;
}

TEST(Firewall, KeepsTheSideOfAnInputThatBecameCommon) {
  std::vector<FirewallMember> members = {{"first", "s", "hi"}};
  const FirewallKeys known = With({}, SplitByFirewall(members, {}, /*eval_share=*/0.999999999));
  ASSERT_EQ(known.at(TextKey("hi")), Split::kEval);
  const std::vector<FirewallMember> greeted = Greeted("t");
  members.insert(members.end(), greeted.begin(), greeted.end());
  const FirewallSplit split = SplitByFirewall(members, known, /*eval_share=*/1e-9);
  EXPECT_EQ(split.sides[0], Split::kEval);
  for (size_t i = 1; i < members.size(); ++i) {
    const bool common = members[i].normalised_input == "hi";
    EXPECT_EQ(split.sides[i], common ? std::nullopt : std::optional(Split::kTrain));
  }
}

TEST(Firewall, JoinsWhatManySessionsAskAndNothingElse) {
  // Sessions of one question each: the question is the row, and stands on one side.
  std::vector<FirewallMember> members;
  for (int i = 0; i < 200; ++i) {
    const std::string name = std::to_string(i);
    members.push_back({name, "s" + name, "question " + std::to_string(i % 2)});
  }
  const FirewallSplit split = SplitByFirewall(members, {}, 0.5);
  for (size_t i = 2; i < members.size(); ++i) EXPECT_EQ(split.sides[i], split.sides[i % 2]);
}

TEST(Firewall, KeepsAGroupTogetherThatEarlierVersionsDidNotKnow) {
  std::vector<FirewallMember> members = {
      {"trained", "s1", "one"}, {"asked", "s2", "two"}, {"new", "s3", "three"}};
  const FirewallKeys known = {{SessionKey("s1"), Split::kTrain}, {SessionKey("s2"), Split::kEval}};
  for (FirewallMember& member : members) member.groups = {{"task", "7"}};
  const FirewallSplit split = SplitByFirewall(members, known, /*eval_share=*/1e-9);
  EXPECT_EQ(split.sides[0], std::nullopt) << "the gate asks of the task";
  EXPECT_EQ(split.sides[1], Split::kEval);
  EXPECT_EQ(split.sides[2], std::nullopt);
}

TEST(Firewall, JoinsManySessionsByAGroupAndStillNotByAGreeting) {
  // 40 tasks of 12 trials each, all greeted alike.
  std::vector<FirewallMember> members;
  for (int i = 0; i < 480; ++i) {
    const std::string name = "s" + std::to_string(i);
    const std::vector<InteractionGroup> groups = {{"task", std::to_string(i % 40)}};
    members.push_back({name + "-a", name, "hi", groups});
    members.push_back({name + "-b", name, "question " + name, groups});
  }
  const FirewallSplit split = SplitByFirewall(members, {}, 0.5);
  std::set<std::optional<Split>> sides;
  for (size_t i = 1; i < members.size(); i += 2) {
    EXPECT_EQ(split.sides[i], split.sides[i % 80]) << i;
    sides.insert(split.sides[i]);
  }
  EXPECT_EQ(sides, (std::set<std::optional<Split>>{Split::kTrain, Split::kEval}));
}

TEST(Firewall, KeepsCarelessCopiesTogether) {
  std::vector<FirewallMember> members;
  for (const char* input : {"Where's my card?", "WHERE\u2019S  MY CARD", "where&#39;s my card...",
                            "Wh\u200bere's my card?!"}) {
    members.push_back(MakeFirewallMember(input, "session of " + std::string(input), input, {}));
  }
  const FirewallSplit first = SplitByFirewall(std::span(members).first(1), {}, 0.999999999);
  ASSERT_EQ(first.sides[0], Split::kEval);
  const FirewallSplit split = SplitByFirewall(members, With({}, first), /*eval_share=*/1e-9);
  for (const auto& side : split.sides) EXPECT_EQ(side, Split::kEval);
}

TEST(Firewall, KnowsWhatEarlierProgramsRemembered) {
  const std::vector<FirewallMember> members = {
      MakeFirewallMember("a", "s1", "Where is  my card?", {}),
      MakeFirewallMember("b", "s2", "Where is my card!", {})};
  const FirewallKeys known = {{InputKey("where is my card?"), Split::kEval}};
  const FirewallSplit split = SplitByFirewall(members, known, /*eval_share=*/1e-9);
  EXPECT_EQ(split.sides[0], Split::kEval);
  EXPECT_EQ(split.sides[1], Split::kEval);
  for (const auto& [key, side] : split.new_keys) EXPECT_NE(key.substr(0, 6), "input:");
}

TEST(Firewall, DoesNotJoinWhatHasNoInput) {
  std::vector<FirewallMember> members;
  for (int i = 0; i < 100; ++i) members.push_back({"i" + std::to_string(i), "", ""});
  const FirewallSplit split = SplitByFirewall(members, {}, 0.5);
  const std::set<std::optional<Split>> sides(split.sides.begin(), split.sides.end());
  EXPECT_EQ(sides.size(), 2u);
}

}  // namespace
}  // namespace flywheel::curation
