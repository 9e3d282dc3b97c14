#include "curation_service/domain/firewall.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace flywheel::curation {
namespace {

FirewallKeys With(FirewallKeys keys, const std::vector<std::string>& more) {
  keys.insert(more.begin(), more.end());
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
  }
  return members;
}

// Which sides each session and input stands on.
std::map<std::string, std::set<Split>> SidesOfKeys(const std::vector<FirewallMember>& members,
                                                   const FirewallSplit& split) {
  std::map<std::string, std::set<Split>> sides;
  for (size_t i = 0; i < members.size(); ++i) {
    if (!members[i].session_id.empty()) {
      sides["session " + members[i].session_id].insert(split.sides[i]);
    }
    sides["input " + members[i].normalised_input].insert(split.sides[i]);
  }
  return sides;
}

TEST(Firewall, NeverHasASessionOrAnInputOnBothSidesNorMovesOneFromTrainToEval) {
  std::mt19937_64 random(20'240'101);
  for (int trial = 0; trial < 30; ++trial) {
    const std::vector<FirewallMember> all = RandomMembers(random, 400);
    FirewallKeys known;
    std::map<std::string, std::set<Split>> before;
    size_t eval_members = 0;
    // Versions of a record that grows, with the share that each of them asks for.
    for (const size_t size : {50, 120, 200, 320, 400}) {
      const std::vector<FirewallMember> members(all.begin(), all.begin() + size);
      const double share = 0.05 + 0.1 * static_cast<double>(random() % 6);
      const FirewallSplit split = SplitByFirewall(members, known, share);
      const auto now = SidesOfKeys(members, split);
      for (const auto& [key, sides] : now) {
        EXPECT_EQ(sides.size(), 1u) << key << " stands on both sides";
        const auto old = before.find(key);
        if (old != before.end() && old->second.contains(Split::kTrain)) {
          EXPECT_TRUE(sides.contains(Split::kTrain)) << key << " became eval data";
        }
      }
      eval_members +=
          static_cast<size_t>(std::count(split.sides.begin(), split.sides.end(), Split::kEval));
      before = now;
      known = With(known, split.new_train_keys);
    }
    EXPECT_GT(eval_members, 0u);
  }
}

TEST(Firewall, RemembersWhatWasTrainedOnAfterItsInteractionIsGone) {
  const std::vector<FirewallMember> first = {{"a", "s1", "hello"}};
  const FirewallSplit trained = SplitByFirewall(first, {}, /*eval_share=*/1e-9);
  ASSERT_EQ(trained.sides[0], Split::kTrain);
  const std::vector<FirewallMember> second = {{"b", "s2", "hello"}, {"c", "s3", "other"}};
  const FirewallSplit split =
      SplitByFirewall(second, With({}, trained.new_train_keys), /*eval_share=*/0.999999999);
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

TEST(Firewall, DoesNotJoinWhatHasNoInput) {
  std::vector<FirewallMember> members;
  for (int i = 0; i < 100; ++i) members.push_back({"i" + std::to_string(i), "", ""});
  const FirewallSplit split = SplitByFirewall(members, {}, 0.5);
  const std::set<Split> sides(split.sides.begin(), split.sides.end());
  EXPECT_EQ(sides.size(), 2u);
}

}  // namespace
}  // namespace flywheel::curation
