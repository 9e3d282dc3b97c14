// Looks for people and sessions in the bytes of the store's files, as whoever steals the disk
// would.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kWindow = 12;

class ErasedBytesTest : public PrivacyServiceTest, public ::testing::WithParamInterface<int> {
 protected:
  ErasedBytesTest() : random_(static_cast<unsigned>(GetParam())) { config_.redaction.mode = "off"; }

  size_t Below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }

  // Letters and digits that nobody else has.
  std::string Unique(const std::string& owner, size_t size) {
    static constexpr std::string_view kAlphabet =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (size_t i = 0; i < size; ++i) text += kAlphabet[Below(kAlphabet.size())];
    secrets_[owner].push_back(text);
    return text;
  }

  std::string User(size_t number) const { return "user-" + std::to_string(number); }

  // A batch of interactions of users in no order, and signals about earlier ones. Each has a
  // session of its own.
  void Write(size_t users, size_t items) {
    Write(items, [&](v1::Interaction& interaction) {
      interaction.set_user_id(User(Below(users)));
      interaction.set_session_id(Unique(interaction.user_id(), 24));
      return interaction.user_id();
    });
    v1::GetInteractionRequest request;
    v1::GetInteractionResponse response;
    for (const auto& [id, user] : newest_) {
      request.set_interaction_id(id);
      ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
      secrets_[user].push_back(response.interaction().user_id());
    }
  }
  // The same in sessions, whose ids nobody else has either, and signals about them.
  void WriteSessions(const std::vector<std::string>& sessions, size_t items) {
    Write(items, [&](v1::Interaction& interaction) {
      interaction.set_user_id(User(Below(3)));
      interaction.set_session_id(sessions[Below(sessions.size())]);
      return interaction.session_id();
    });
    for (const std::string& session : sessions) {
      v1::Signal signal = AboutSession(Unique(session, 24), session);
      signal.set_comment(Unique(session, 40));
      Record({signal});
    }
  }
  // `set_owner` says whose an interaction is, and returns under what its texts are found.
  void Write(size_t items, const std::function<std::string(v1::Interaction&)>& set_owner) {
    std::vector<v1::Interaction> interactions;
    std::vector<v1::Signal> signals;
    newest_.clear();
    for (size_t i = 0; i < items; ++i) {
      interactions.push_back(Interaction(""));
      v1::Interaction& interaction = interactions.back();
      const std::string owner = set_owner(interaction);
      interaction.set_interaction_id(Unique(owner, 24));
      newest_[interaction.interaction_id()] = owner;
      // Some are longer than a page.
      interaction.set_input(Unique(owner, Below(20) == 0 ? 30'000 : 20 + Below(600)));
      interaction.set_output(Unique(owner, 20 + Below(600)));
      if (Below(2) == 0) AddHistory(owner, interaction);
      (*interaction.mutable_attributes())["task"] = Unique(owner, 16 + Below(40));
      signals.push_back(By(interaction.user_id(), Unique(owner, 24), interaction.interaction_id()));
      signals.back().mutable_correction()->set_ideal_output(Unique(owner, 20 + Below(300)));
    }
    Log(interactions);
    Record(signals);
  }

  // What everybody's agent is told, and what the owner said before: all that follows is stored once
  // for many turns.
  void AddHistory(const std::string& owner, v1::Interaction& interaction) {
    *interaction.add_history() = Says(common::v1::ROLE_SYSTEM, "Be kind, be brief, be right.");
    const size_t said = std::min<size_t>(secrets_[owner].size(), 1 + Below(12));
    for (size_t i = 0; i < said; ++i) {
      *interaction.add_history() = Says(common::v1::ROLE_USER, secrets_[owner][i]);
    }
  }

  // How many pieces of the owner's texts and names stand in the files.
  int Found(const std::string& owner, const std::string& disk) const {
    absl::flat_hash_set<std::string_view> windows;
    for (const std::string& secret : secrets_.at(owner)) {
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
  // By the user or the session that they leave with.
  std::map<std::string, std::vector<std::string>> secrets_;
  // Of the last batch, by interaction.
  std::map<std::string, std::string> newest_;
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

TEST_P(ErasedBytesTest, NothingOfAnErasedSessionStaysInTheFiles) {
  std::vector<std::string> sessions;
  for (int i = 0; i < 40; ++i) {
    std::string session = Unique("", 24);
    secrets_[session].push_back(session);
    sessions.push_back(std::move(session));
  }
  for (int batch = 0; batch < 20; ++batch) WriteSessions(sessions, 60);
  for (int erasure = 0; erasure < 12; ++erasure) {
    const std::string session = sessions.back();
    sessions.pop_back();
    ASSERT_GT(Found(session, Disk()), 0);
    EXPECT_GT(Erase(EraseSessionRequest("e" + std::to_string(erasure), session)).interactions(), 0);
    EXPECT_EQ(Found(session, Disk()), 0) << erasure;
    WriteSessions(sessions, 40);
  }
  // And one interaction of the last, which has others.
  v1::ListInteractionsRequest request;
  request.set_session_id(sessions.back());
  v1::ListInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  ASSERT_GT(response.interactions_size(), 1);
  // A late one: what an early one said is history of others, which stay.
  const v1::Interaction& one = response.interactions(0);
  secrets_["one"] = {one.interaction_id(), one.input(), one.output(), one.attributes().at("task")};
  ASSERT_GT(Found("one", Disk()), 0);
  Erase(EraseInteractionRequest("one", one.interaction_id()));
  EXPECT_EQ(Found("one", Disk()), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ErasedBytesTest, ::testing::Range(1, 5));

}  // namespace
}  // namespace flywheel::ingest
