// Conversations with people whom the agent's tools know, through a real service, and a search for
// what the service was told of them in all that it leaves behind.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "redaction/recogniser.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/labelled/searched_service.h"
#include "tests/redaction/quality/labelled_set.h"

namespace flywheel::ingest {
namespace {

using redaction::Conversation;
using redaction::DataType;
using redaction::Role;

// What nothing may be left of, whoever said it in a dialogue and wherever: the list to add to when
// redaction learns more.
const std::set<DataType> kPromised = {
    DataType::kEmail,     DataType::kIban,    DataType::kMacAddress, DataType::kIpAddress,
    DataType::kBirthDate, DataType::kAddress, DataType::kUserId};
// The same for bare answers, by what was asked for ("birth_date", "name", ...).
const std::set<std::string> kPromisedAnswers = {"address", "birth_date", "email",       "first",
                                                "licence", "name",       "national_id", "passport",
                                                "phone",   "postcode",   "user_id"};

bool IsWord(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// A turn with each of its values labelled where it stands as a word of its own.
redaction::Sentence Labelled(const std::string& text,
                             const std::vector<redaction::PersonalValue>& values) {
  redaction::Sentence sentence{text, {}};
  for (const auto& [value, type] : values) {
    for (size_t begin = text.find(value); begin != text.npos; begin = text.find(value, begin + 1)) {
      const size_t end = begin + value.size();
      if ((begin > 0 && IsWord(text[begin - 1])) || (end < text.size() && IsWord(text[end]))) {
        continue;
      }
      sentence.labels.push_back({type, begin, end});
    }
  }
  auto& labels = sentence.labels;
  std::sort(labels.begin(), labels.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  // A name within an address belongs to it.
  for (size_t i = 1; i < labels.size();) {
    if (labels[i].begin < labels[i - 1].end) {
      labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return sentence;
}

common::v1::Message MessageOf(const redaction::LabelledTurn& turn, const std::string& call_id) {
  if (turn.role == Role::kUser) return Says(common::v1::ROLE_USER, turn.text);
  if (turn.role == Role::kAgent) return Says(common::v1::ROLE_ASSISTANT, turn.text);
  common::v1::Message message;
  const bool is_call = turn.role == Role::kToolCall;
  message.set_role(is_call ? common::v1::ROLE_ASSISTANT : common::v1::ROLE_TOOL);
  if (is_call) {
    common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
    call.set_tool_call_id(call_id);
    call.set_name("look_up");
    call.set_arguments_json(turn.text);
  } else {
    common::v1::ToolResult& result = *message.add_parts()->mutable_tool_result();
    result.set_tool_call_id(call_id);
    result.set_content(turn.text);
  }
  return message;
}

class ConversationsTest : public SearchedService {
 protected:
  ConversationsTest() {
    least_answer_bytes_ = 100'000;
    // What fails here is shown, so it is of the half that may be looked at.
    auto set = redaction::ReadLabelledSet(FLYWHEEL_SOURCE_DIR, redaction::Half::kTune);
    EXPECT_OK(set);
    if (set.ok()) conversations_ = std::move(set->conversations);
    std::vector<redaction::Sentence> sentences;
    for (const Conversation& conversation : conversations_) {
      if (conversation.kind != "dialogue" && kPromisedAnswers.count(conversation.kind) == 0) {
        continue;
      }
      for (const redaction::LabelledTurn& turn : conversation.turns) {
        sentences.push_back(Labelled(turn.text, conversation.gone));
      }
    }
    SearchFor(sentences);
  }

  // The conversation as one interaction, and once more as the turn that ends it, with all before
  // as its history.
  std::vector<v1::Interaction> InteractionsOf(size_t index) const {
    const Conversation& conversation = conversations_[index];
    v1::Interaction whole = Interaction(fmt::format("whole-{}", index));
    v1::Interaction last = Interaction(fmt::format("last-{}", index));
    for (v1::Interaction* const one : {&whole, &last}) {
      one->clear_input();
      one->clear_output();
      one->set_session_id(fmt::format("session-{}", index));
      // Who it is: stored under a pseudonym, and said in the dialogue in clear.
      for (const auto& [value, type] : conversation.gone) {
        if (type == DataType::kUserId) one->set_user_id(value);
      }
    }
    for (size_t i = 0; i < conversation.turns.size(); ++i) {
      const common::v1::Message message =
          MessageOf(conversation.turns[i], fmt::format("call-{}", i / 2));
      *whole.add_messages() = message;
      const bool is_last = i + 1 == conversation.turns.size();
      *(is_last ? last.add_messages() : last.add_history()) = message;
    }
    // A turn that a user ends is answered.
    if (conversation.turns.back().role == Role::kUser) {
      for (v1::Interaction* const one : {&whole, &last}) {
        *one->add_messages() = Says(common::v1::ROLE_ASSISTANT, "Thank you, I will look.");
      }
    }
    return {whole, last};
  }

  int64_t SendAll() {
    int64_t stored = 0;
    for (size_t i = 0; i < conversations_.size(); ++i) {
      const std::vector<v1::Interaction> interactions = InteractionsOf(i);
      for (const auto& interaction : interactions) sent_ += interaction.SerializeAsString();
      const v1::LogInteractionsResponse logged = Log(interactions);
      for (const auto& item : logged.results()) {
        EXPECT_EQ(item.status(), common::v1::ITEM_STATUS_STORED) << item.ShortDebugString();
        ++stored;
      }
    }
    return stored;
  }

  std::vector<Conversation> conversations_;
  std::string sent_;  // As the callers serialised it.
};

TEST_F(ConversationsTest, NothingThatIsPromisedIsInAnyByteThatTheServiceLeaves) {
  const int64_t stored = SendAll();
  ASSERT_GT(stored, 500);
  ASSERT_NO_FATAL_FAILURE(SearchWhatIsLeftOf(stored));
  EXPECT_EQ(FoundOf(kPromised), 0) << search_->Examples(kPromised);
  for (const auto& [type, count] : search_->Found()) {
    if (kPromised.count(type) == 0) {
      fmt::print("not promised: {} values of {}\n", count, redaction::DataTypeName(type));
    }
  }
  // That the search finds what is there.
  search_->Find(sent_, "what was sent");
  std::set<DataType> sent;
  for (const auto& [type, count] : search_->Found()) sent.insert(type);
  for (const DataType type : kPromised) {
    EXPECT_EQ(sent.count(type), 1u) << redaction::DataTypeName(type);
  }
}

}  // namespace
}  // namespace flywheel::ingest
