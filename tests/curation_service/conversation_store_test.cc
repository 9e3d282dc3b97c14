// What turns and rows repeat of a conversation is stored once, and leaves with its last owner.
#include "curation_service/store/conversation_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/store/dataset_store.h"
#include "curation_service/store/migrations.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/score_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;

class ConversationStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/curation.db"}, Migrations());
    ASSERT_OK(database);
    database_ = *std::move(database);
  }

  void Write(const std::function<absl::Status(sql::Connection&)>& work) {
    ASSERT_OK(database_->Write(work));
  }

  // The turns of a session, each with all before it as history; a score for each.
  std::vector<Interaction> Log(const std::string& session, int turns, size_t text_bytes = 400) {
    std::vector<Interaction> logged;
    Messages said = {TextMessage(Role::kSystem, std::string(500, 'i'))};
    for (int turn = 0; turn < turns; ++turn) {
      Interaction interaction;
      interaction.interaction_id = fmt::format("{}-{}", session, turn);
      interaction.session_id = session;
      interaction.agent = "support";
      interaction.history = said;
      const std::string text =
          fmt::format("{} {}", interaction.interaction_id, std::string(text_bytes, 't'));
      interaction.input = text + "?";
      interaction.output = text + ".";
      interaction.messages = {TextMessage(Role::kUser, interaction.input),
                              TextMessage(Role::kAssistant, interaction.output)};
      said.insert(said.end(), interaction.messages.begin(), interaction.messages.end());
      const int64_t sequence = ++sequence_;
      Write([&](sql::Connection& db) -> absl::Status {
        // Once more, as a feed that is read again brings it.
        RETURN_IF_ERROR(RecordStore(db).AddInteraction("p", interaction, sequence));
        RETURN_IF_ERROR(RecordStore(db).AddInteraction("p", interaction, sequence));
        return ScoreStore(db).Put("p",
                                  {interaction.interaction_id, session, "support", sequence, false},
                                  {{0.9, 0.9, Approval::kUser}, {}}, sequence);
      });
      logged.push_back(std::move(interaction));
    }
    return logged;
  }

  std::vector<Candidate> Candidates() {
    std::vector<Candidate> allowed;
    Write([&](sql::Connection& db) -> absl::Status {
      ASSIGN_OR_RETURN(curation::Candidates all,
                       ScoreStore(db).CandidatesOf("p", "support", Deadline()));
      allowed = std::move(all.allowed);
      return absl::OkStatus();
    });
    return allowed;
  }

  // A row for each turn, its prompt all before the answer.
  void AddVersion(const std::string& id, const std::vector<Interaction>& turns) {
    DatasetVersion version;
    version.dataset_version_id = id;
    std::vector<DatasetRow> rows;
    for (const Interaction& turn : turns) {
      DatasetRow& row = rows.emplace_back();
      row.interaction_id = turn.interaction_id;
      row.prompt = turn.history;
      row.prompt.push_back(turn.messages.front());
      row.ideal = {turn.messages.back()};
      row.input = turn.input;
      row.ideal_output = turn.output;
      row.tier = Tier::kGold;
    }
    Write([&](sql::Connection& db) -> absl::Status {
      RETURN_IF_ERROR(DatasetStore(db).Begin("p", std::string(32, 'h'), ++versions_, version));
      return DatasetStore(db).AddRows("p", id, 0, rows);
    });
  }

  std::vector<size_t> PromptSizes(const std::string& version) {
    std::vector<size_t> sizes;
    Write([&](sql::Connection& db) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, DatasetStore(db).Rows("p", version, {}, 0, 100));
      for (const StoredDatasetRow& row : rows) sizes.push_back(row.row.prompt.size());
      return absl::OkStatus();
    });
    return sizes;
  }

  // How many messages the tree holds, and how often they are used together.
  std::pair<int64_t, int64_t> Tree() {
    std::pair<int64_t, int64_t> counts;
    Write([&](sql::Connection& db) {
      sql::Statement select = db.Prepare("SELECT COUNT(*), COALESCE(SUM(uses), 0) FROM messages");
      if (select.Next()) counts = {select.Int64(0), select.Int64(1)};
      return select.status();
    });
    return counts;
  }

  void EraseInteractions(int64_t first, int64_t last) {
    Write([&](sql::Connection& db) -> absl::Status {
      for (int64_t sequence = first; sequence <= last; ++sequence) {
        ASSIGN_OR_RETURN(const auto id, RecordStore(db).EraseInteraction("p", sequence));
        if (!id) continue;
        RETURN_IF_ERROR(ScoreStore(db).Remove("p", *id));
        RETURN_IF_ERROR(DatasetStore(db).EraseRows("p", *id, false).status());
      }
      return absl::OkStatus();
    });
  }

  testing::TempDir data_;
  std::unique_ptr<sql::Database> database_;
  int64_t sequence_ = 0;
  int64_t versions_ = 0;
};

TEST_F(ConversationStoreTest, KeepsEachMessageOnceAndReadsEveryTurnWhole) {
  const std::vector<Interaction> turns = Log("s", 20);
  // Each is followed by the next one, or has a turn that ends with it.
  EXPECT_EQ(Tree(), std::pair(int64_t{1 + 2 * 20}, int64_t{2 * 20 + 20}));
  const std::vector<Candidate> candidates = Candidates();
  ASSERT_EQ(candidates.size(), turns.size());
  for (size_t i = 0; i < turns.size(); ++i) {
    EXPECT_EQ(candidates[i].interaction.history, turns[i].history);
    EXPECT_EQ(candidates[i].interaction.messages, turns[i].messages);
  }
  AddVersion("v1", turns);
  AddVersion("v2", turns);
  EXPECT_EQ(Tree().first, 1 + 2 * 20) << "prompts are beginnings of turns";
  const std::vector<size_t> sizes = PromptSizes("v2");
  ASSERT_EQ(sizes.size(), 20u);
  EXPECT_EQ(sizes.front(), 2u);
  EXPECT_EQ(sizes.back(), 40u);
}

TEST_F(ConversationStoreTest, ForgetsWhatItsLastOwnerHad) {
  const std::vector<Interaction> turns = Log("s", 4);
  AddVersion("v1", turns);
  EraseInteractions(4, 4);
  EXPECT_EQ(Tree().first, 1 + 2 * 3) << "what the others said stays";
  EXPECT_THAT(PromptSizes("v1"), ElementsAre(2, 4, 6));
  EraseInteractions(1, 3);
  EXPECT_EQ(Tree().first, 0);
}

TEST_F(ConversationStoreTest, ABuildThatDidNotFinishLetsGo) {
  const std::vector<Interaction> turns = Log("s", 4);
  const auto before = Tree();
  AddVersion("v1", turns);
  EXPECT_NE(Tree(), before);
  Write([&](sql::Connection& db) -> absl::Status {
    for (bool done = false; !done;) {
      ASSIGN_OR_RETURN(done, DatasetStore(db).RemoveSome({"p", "v1"}, 3));
    }
    return absl::OkStatus();
  });
  EXPECT_EQ(Tree(), before);
}

TEST_F(ConversationStoreTest, LeavesShortMessagesInTheirTurn) {
  Log("s", 8, /*text_bytes=*/10);
  EXPECT_LT(Tree().first, 8) << "only while the instructions make up for the short ones";
  ASSERT_EQ(Candidates().size(), 8u);
  EXPECT_EQ(Candidates()[7].interaction.history.size(), 15u);
  EXPECT_EQ(Candidates()[7].interaction.messages.size(), 2u);
}

TEST_F(ConversationStoreTest, KnowsWhoseUsesAreMiscounted) {
  const auto miscounted = [&] {
    int64_t count = -1;
    Write([&](sql::Connection& db) -> absl::Status {
      ASSIGN_OR_RETURN(count, ConversationStore(db).CountMiscounted());
      return absl::OkStatus();
    });
    return count;
  };
  const auto change = [&](const char* statement) {
    Write([&](sql::Connection& db) { return db.Execute(statement); });
  };
  AddVersion("v1", Log("s", 4));
  AddVersion("v2", Log("t", 2));
  EXPECT_EQ(miscounted(), 0);
  EraseInteractions(3, 5);
  EXPECT_EQ(miscounted(), 0);
  change("UPDATE messages SET uses = uses + 1 WHERE message_id = 2");
  EXPECT_EQ(miscounted(), 1);
  change("UPDATE messages SET uses = uses - 1 WHERE message_id = 2");
  change("UPDATE dataset_rows SET prompt_message_id = 0 WHERE interaction_id = 's-0'");
  EXPECT_EQ(miscounted(), 1) << "a row let go and did not say so";
  change("UPDATE interactions SET last_message_id = 1000 WHERE interaction_id = 's-0'");
  EXPECT_EQ(miscounted(), 3) << "one lost a turn, and one is missing";
}

TEST_F(ConversationStoreTest, SharesNothingBetweenProjects) {
  const Messages said = {TextMessage(Role::kUser, std::string(500, 'x'))};
  Write([&](sql::Connection& db) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t one, ConversationStore(db).Use("p", said));
    ASSIGN_OR_RETURN(const int64_t other, ConversationStore(db).Use("q", said));
    EXPECT_NE(one, other);
    ASSIGN_OR_RETURN(const Messages read, ConversationStore(db).Read(other));
    EXPECT_EQ(read, said);
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace flywheel::curation
