// Looks for people in the bytes of the store's files, as whoever steals the disk would.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kWindow = 12;

class ErasedBytesTest : public PrivacyServiceTest, public ::testing::WithParamInterface<int> {
 protected:
  ErasedBytesTest() : random_(static_cast<unsigned>(GetParam())) { config_.redaction = "off"; }

  size_t Below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }

  // Letters and digits that nobody else has.
  std::string Unique(const std::string& user, size_t size) {
    static constexpr std::string_view kAlphabet =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (size_t i = 0; i < size; ++i) text += kAlphabet[Below(kAlphabet.size())];
    secrets_[user].push_back(text);
    return text;
  }

  std::string User(size_t number) const { return "user-" + std::to_string(number); }

  // A batch of interactions of users in no order, and signals about earlier ones.
  void Write(size_t users, size_t items) {
    std::vector<v1::Interaction> interactions;
    std::vector<v1::Signal> signals;
    for (size_t i = 0; i < items; ++i) {
      const std::string user = User(Below(users));
      interactions.push_back(Of(user, Unique(user, 24), Unique(user, 24)));
      v1::Interaction& interaction = interactions.back();
      // Some are longer than a page.
      interaction.set_input(Unique(user, Below(20) == 0 ? 30'000 : 20 + Below(600)));
      interaction.set_output(Unique(user, 20 + Below(600)));
      (*interaction.mutable_attributes())["task"] = Unique(user, 16 + Below(40));
      signals.push_back(By(user, Unique(user, 24), interaction.interaction_id()));
      signals.back().mutable_correction()->set_ideal_output(Unique(user, 20 + Below(300)));
    }
    Log(interactions);
    Record(signals);
    v1::GetInteractionRequest request;
    v1::GetInteractionResponse response;
    for (const v1::Interaction& interaction : interactions) {
      request.set_interaction_id(interaction.interaction_id());
      ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
      secrets_[interaction.user_id()].push_back(response.interaction().user_id());
    }
  }

  // How many pieces of the user's texts and names stand in the files.
  int Found(const std::string& user, const std::string& disk) const {
    absl::flat_hash_set<std::string_view> windows;
    for (const std::string& secret : secrets_.at(user)) {
      for (size_t i = 0; i + kWindow <= secret.size(); i += kWindow) {
        windows.insert(std::string_view(secret).substr(i, kWindow));
      }
    }
    int found = 0;
    for (size_t i = 0; i + kWindow <= disk.size(); ++i) {
      found += windows.contains(std::string_view(disk).substr(i, kWindow));
    }
    return found;
  }

  std::mt19937 random_;
  std::map<std::string, std::vector<std::string>> secrets_;
};

TEST_P(ErasedBytesTest, NothingOfAnErasedPersonStaysInTheFiles) {
  constexpr size_t kUsers = 60;
  for (int batch = 0; batch < 40; ++batch) Write(kUsers, 60);
  // Who was erased before leaves room that the others are written into, and copied out of.
  for (size_t user = 0; user < kUsers; user += 5) {
    ASSERT_GT(Found(User(user), Disk()), 0);
    Erase("erasure-" + std::to_string(user), User(user));
    EXPECT_EQ(Found(User(user), Disk()), 0) << User(user);
    Write(1, 20);
    Write(kUsers, 40);
    Erase("again-" + std::to_string(user), User(0));
    EXPECT_EQ(Found(User(0), Disk()), 0) << User(user);
  }
  // What is left is whole.
  Start();
  int64_t interactions = 0;
  for (const v1::FeedEntry& entry : Feed()) interactions += entry.has_interaction();
  EXPECT_EQ(interactions, Stats().interactions());
  EXPECT_GT(interactions, 1'000);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ErasedBytesTest, ::testing::Range(1, 5));

}  // namespace
}  // namespace flywheel::ingest
