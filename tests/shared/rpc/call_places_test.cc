// Places for long calls, and how projects and their keys share them.
#include "shared/rpc/call_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

Actor Of(const std::string& project, const std::string& key_id = "") {
  return {.project = project, .key_id = key_id};
}

// As many as the key gets, held in `held`.
int TakeAll(CallPlaces& places, const Actor& actor, std::vector<CallPlaces::Place>& held) {
  for (int taken = 0;; ++taken) {
    auto place = places.Take(actor);
    if (!place.ok()) return taken;
    held.push_back(*std::move(place));
  }
}

TEST(CallPlaces, LeaveHalfToOtherProjectsAndRoomToKeysThatHaveNone) {
  CallPlaces places("WatchRun", 32);
  std::vector<CallPlaces::Place> held;
  EXPECT_EQ(TakeAll(places, Of("a", "k1"), held), 15);
  EXPECT_EQ(TakeAll(places, Of("a", "k2"), held), 1) << "the one that was kept";
  for (int i = 3; i < 11; ++i) {
    EXPECT_EQ(TakeAll(places, Of("a", "k" + std::to_string(i)), held), 1) << i;
  }
  EXPECT_EQ(TakeAll(places, Of("a", "k11"), held), 0) << "a quarter is for other projects";
  for (const char* const project : {"b", "c", "d", "e"}) {
    EXPECT_EQ(TakeAll(places, Of(project, "k1"), held), 1) << project;
  }
  EXPECT_THAT(places.Take(Of("f", "k1")).status(), HasReason(Reason::kBusy));
  for (const char* const project : {"b", "c", "d", "e"}) {
    EXPECT_EQ(TakeAll(places, Of(project, "k2"), held), 1) << project;
  }
  EXPECT_EQ(held.size(), 32u);
}

TEST(CallPlaces, SayWhoHoldsHowMany) {
  CallPlaces places("UploadSuite", 8);
  std::vector<CallPlaces::Place> held;
  EXPECT_EQ(TakeAll(places, Of("a", "k1"), held), 3);
  const absl::Status refused = places.Take(Of("a", "k1")).status();
  EXPECT_THAT(refused, HasReason(Reason::kBusy));
  EXPECT_THAT(refused.message(), HasSubstr("UploadSuite for one key, of 8 places with 3 taken and "
                                           "1 kept for others: 3 run already"));
  EXPECT_EQ(TakeAll(places, Of("b"), held), 1);
  EXPECT_THAT(places.Take(Of("b")).status().message(), HasSubstr("for one project, of 8 places"));
}

TEST(CallPlaces, AreGivenBackAtTheEndOfACall) {
  CallPlaces places("UploadSuite", 8);
  std::vector<CallPlaces::Place> held;
  EXPECT_EQ(TakeAll(places, Of("a"), held), 3);
  {
    // Held once, however often it is handed on.
    const CallPlaces::Place moved = std::move(held.back());
    held.pop_back();
    EXPECT_THAT(places.Take(Of("a")).status(), HasReason(Reason::kBusy));
  }
  EXPECT_EQ(TakeAll(places, Of("a"), held), 1);
  held.clear();
  EXPECT_EQ(TakeAll(places, Of("b"), held), 3);
}

constexpr int kKeysOfAProject = 3;

// Keys that take and return places; key `i` is of project `i` / kKeysOfAProject.
class World {
 public:
  using Counts = std::vector<int>;

  World(int64_t limit, int projects)
      : limit_(limit),
        places_("UploadSuite", limit),
        held_(static_cast<size_t>(projects * kKeysOfAProject)) {}

  bool Take(size_t key) {
    auto place = places_.Take(ActorOf(key));
    if (!place.ok()) return false;
    held_[key].push_back(*std::move(place));
    return true;
  }

  void Return(size_t key) { held_[key].pop_back(); }

  Counts Held() const {
    Counts counts;
    for (const auto& places : held_) counts.push_back(static_cast<int>(places.size()));
    return counts;
  }

  // What the header says of every key that holds none.
  void Check() {
    const Counts counts = Held();
    int64_t taken = 0;
    int keys = 0;
    std::set<size_t> projects;
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      taken += counts[i];
      ++keys;
      projects.insert(i / kKeysOfAProject);
    }
    ASSERT_LE(taken, limit_);
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0) continue;
      const size_t project = i / kKeysOfAProject;
      const auto first = counts.begin() + static_cast<int64_t>(project) * kKeysOfAProject;
      const auto holders = kKeysOfAProject - std::count(first, first + kKeysOfAProject, 0);
      const bool is_promised =
          holders == 1 || keys <= limit_ / 8 ||
          (holders == 0 && static_cast<int64_t>(projects.size()) <= limit_ / 8);
      // It gives the place back at once.
      const bool gets = places_.Take(ActorOf(i)).ok();
      ASSERT_TRUE(gets || !is_promised)
          << "key " << i << " of " << ::testing::PrintToString(counts);
    }
  }

 private:
  static Actor ActorOf(size_t key) {
    return Of("project-" + std::to_string(key / kKeysOfAProject),
              "key-" + std::to_string(key % kKeysOfAProject));
  }

  const int64_t limit_;
  CallPlaces places_;
  std::vector<std::vector<CallPlaces::Place>> held_;
};

// Every state of eight places that six keys of two projects can bring about: what a step does
// depends on what is held alone.
TEST(CallPlaces, KeepTheirWordInEveryState) {
  constexpr size_t kKeys = 2 * kKeysOfAProject;
  struct Step {
    size_t key;
    bool takes;
  };
  // How states are brought about.
  std::deque<std::vector<Step>> open = {{}};
  std::set<World::Counts> seen = {World::Counts(kKeys)};
  const auto go = [](World& world, const Step& step) {
    if (step.takes) return world.Take(step.key);
    if (world.Held()[step.key] == 0) return false;
    world.Return(step.key);
    return true;
  };
  while (!open.empty() && !HasFatalFailure()) {
    const std::vector<Step> steps = std::move(open.front());
    open.pop_front();
    for (size_t i = 0; i < 2 * kKeys; ++i) {
      World world(8, 2);
      for (const Step& step : steps) ASSERT_TRUE(go(world, step));
      const Step next{i / 2, i % 2 == 0};
      if (!go(world, next) || !seen.insert(world.Held()).second) continue;
      world.Check();
      open.push_back(steps);
      open.back().push_back(next);
    }
  }
  EXPECT_GT(seen.size(), 100u);
}

// Greedy and modest ones, in an order that chance makes.
TEST(CallPlaces, KeepTheirWordHoweverManyComeAndGo) {
  constexpr int kProjects = 7;
  constexpr size_t kKeys = size_t{kProjects} * kKeysOfAProject;
  for (const int64_t limit : {8, 16, 32}) {
    for (uint32_t seed = 0; seed < 20 && !HasFatalFailure(); ++seed) {
      std::mt19937 chance(seed);
      World world(limit, kProjects);
      // How many of a hundred steps return a place.
      const uint32_t returns = seed % 2 == 0 ? 10 : 40;
      for (int step = 0; step < 300 && !HasFatalFailure(); ++step) {
        const size_t key = chance() % kKeys;
        if (chance() % 100 < returns) {
          if (world.Held()[key] > 0) world.Return(key);
        } else if (key % 4 == 0) {
          while (world.Take(key)) {
          }
        } else {
          (void)world.Take(key);
        }
        world.Check();
      }
    }
  }
}

}  // namespace
}  // namespace flywheel::rpc
