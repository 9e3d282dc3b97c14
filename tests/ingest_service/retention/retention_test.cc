// Every record has the same answers whatever form it has grown into, and leaves when its rule says.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include "cli/free_port.h"
#include "ingest_service/payloads/dictionary_maker.h"
#include "ingest_service/payloads/zstd_codec.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/payload_store.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"
#include "tests/ingest_service/retention/retention_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

constexpr char kFailures[] = "flywheel_background_failures_total{loop=\"retention\"}";

void ExposeMetrics(IngestConfig& config) {
  config.server.metrics_listen = "127.0.0.1:" + std::to_string(cli::FindFreePorts(1)->at(0));
}

// What the metrics port says now; nothing where it does not have this line.
std::optional<double> Metric(const IngestConfig& config, const std::string& name) {
  const int port = std::stoi(config.server.metrics_listen.substr(10));
  const std::string text = integration::HttpGet(port, "/metrics");
  const size_t line = text.find("\n" + name + " ");
  if (line == std::string::npos) return std::nullopt;
  return std::stod(text.substr(line + name.size() + 2));
}

TEST_F(RetentionTest, AnswersEverythingAsBeforeFromEveryTier) {
  constexpr int kCount = 400;
  config_.retention.compress_after = "7d";
  config_.retention.archive_after = "30d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  Start();
  LogMany(kCount);
  const auto plain = Answers(kCount);

  EXPECT_TRUE(Age(absl::Hours(24)).empty());
  EXPECT_EQ(Age(absl::Hours(7 * 24)).compressed, kCount);
  EXPECT_TRUE(Age(absl::ZeroDuration()).empty());
  EXPECT_EQ(Answers(kCount), plain);

  // So few wait for a day before they have a file of their own.
  EXPECT_EQ(Age(absl::Hours(22 * 24 + 1)).archived, 0);
  EXPECT_EQ(Age(absl::Hours(24)).archived, kCount);
  EXPECT_TRUE(Age(absl::ZeroDuration()).empty());
  EXPECT_EQ(Answers(kCount), plain);

  Start();
  EXPECT_EQ(Answers(kCount), plain);
}

TEST_F(RetentionTest, ArchivesWhatWasNeverCompressed) {
  config_.retention.archive_after = "1d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  Start();
  LogMany(60);
  const auto plain = Answers(60);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 60);
  EXPECT_EQ(Answers(60), plain);
  // Not even the instructions, which all of them shared.
  const auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
  ASSERT_OK(connection);
  sql::Statement select = (*connection)->Prepare("SELECT COUNT(*) FROM messages");
  ASSERT_TRUE(select.Next());
  EXPECT_EQ(select.Int64(0), 0);
}

TEST_F(RetentionTest, CompressesNewOnesBesideOldOnesAndReplaysStayReplays) {
  config_.retention.compress_after = "1h";
  Start();
  LogMany(300);
  EXPECT_EQ(Age(absl::Hours(2)).compressed, 300);
  Log({Interaction("young")});
  EXPECT_EQ(Age(absl::Minutes(30)).compressed, 0);
  EXPECT_EQ(Log({Interaction("young")}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  v1::Interaction old = Rich(5);
  old.mutable_start_time()->set_seconds(1'800'000'000);
  EXPECT_EQ(Log({old}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  old.mutable_messages()->rbegin()->mutable_parts(0)->set_text("another");
  EXPECT_EQ(Log({old}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  EXPECT_EQ(Age(absl::Hours(1)).compressed, 1);
}

TEST_F(RetentionTest, MakesAStoreOfChatsMuchSmaller) {
  config_.retention.compress_after = "1h";
  Start();
  LogMany(2'000);
  EXPECT_EQ(Age(absl::Hours(2)).compressed, 2'000);
  server_.reset();
  auto database = sql::Database::Open({config_.server.database_url, 1 << 20}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const PayloadTotals totals,
                     PayloadStore(connection).ReadTotals(PayloadForm::kCompressed));
    EXPECT_EQ(totals.records, 2'000);
    EXPECT_GT(totals.payload_bytes, 2 * totals.stored_bytes);
    sql::Statement sizes =
        connection.Prepare("SELECT SUM(LENGTH(payload)) FROM interactions WHERE payload_form = 1");
    EXPECT_TRUE(sizes.Next());
    EXPECT_EQ(sizes.Int64(0), totals.stored_bytes);
    return sizes.status();
  }));
}

TEST_F(RetentionTest, DeletesWhatIsOldEnoughWithAllThatIsKnownOfIt) {
  config_.retention.compress_after = "1h";
  config_.retention.archive_after = "2h";
  config_.retention.delete_after = "90d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  Start();
  LogMany(100);
  EXPECT_EQ(Age(absl::Hours(50)).archived, 100);
  Log({Interaction("young")});
  Record({Signal("young", "i2")});
  const RetentionReport report = Age(absl::Hours(24 * 88));
  EXPECT_EQ(report.deleted_interactions, 100);
  EXPECT_EQ(report.deleted_signals, 35);
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Stats().signals(), 1);
  EXPECT_EQ(Stats().tool_calls(), 0);
  EXPECT_FALSE(IsThere("i5"));
  EXPECT_TRUE(IsThere("young"));
  // That of the young one.
  int files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(config_.retention.archive_dir)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1);
  // Nothing is left to compare with.
  v1::Interaction again = Rich(5);
  EXPECT_EQ(Log({again}).results(0).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(RetentionTest, RemovesNothingOfAPersonWhoseRecordsAreHeldUntilTheHoldIsLifted) {
  config_.retention.compress_after = "1h";
  config_.retention.archive_after = "1h";
  config_.retention.thin_after = "1d";
  config_.retention.thin_share = 0.0001;
  config_.retention.delete_after = "30d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  Start();
  Hold("user-4", true);
  LogMany(230);
  std::set<std::string> held;
  std::set<std::string> staying = {"i1"};
  for (int i = 4; i < 230; i += 23) held.insert("i" + std::to_string(i));
  for (int i = 0; i < 230; i += 3) staying.insert("i" + std::to_string(i));
  staying.insert(held.begin(), held.end());
  EXPECT_EQ(Age(absl::Hours(26)).thinned, 230 - static_cast<int64_t>(staying.size()));
  for (const std::string& id : held) EXPECT_TRUE(IsThere(id)) << id;
  Age(absl::Hours(24 * 31));
  for (const std::string& id : held) EXPECT_TRUE(IsThere(id)) << id;
  EXPECT_EQ(Stats().interactions(), static_cast<int64_t>(held.size()));
  // Signals about them stay as well.
  EXPECT_GT(Stats().signals(), 0);
  Hold("user-4", false);
  EXPECT_EQ(Age(absl::ZeroDuration()).deleted_interactions, static_cast<int64_t>(held.size()));
  EXPECT_EQ(Stats().interactions(), 0);
  EXPECT_EQ(Stats().signals(), 0);
}

TEST_F(RetentionTest, TheWorkerWorksByItselfAndSaysInMetricsWhatItDid) {
  config_.retention.compress_after = "1h";
  config_.retention.interval = "1s";
  ExposeMetrics(config_);
  Start();
  LogMany(300);
  clock_.Advance(absl::Hours(2));
  EXPECT_TRUE(PollUntil([&] { return Metric(config_, "flywheel_compressed_interactions") == 300; },
                        absl::Seconds(20)));
  EXPECT_EQ(Metric(config_, "flywheel_archived_interactions"), 0);
  EXPECT_GT(Metric(config_, "flywheel_payload_bytes_saved"), 300 * 100);
  EXPECT_EQ(Metric(config_, kFailures), std::nullopt);
}

TEST_F(RetentionTest, ARunThatFailsIsCountedAndTheNextOneGoesOn) {
  config_.retention.archive_after = "1h";
  config_.retention.archive_dir = dir_.path() + "/archive";
  config_.retention.interval = "1s";
  ExposeMetrics(config_);
  Start();
  LogMany(30);
  // Where the archive was is a file.
  std::filesystem::rename(dir_.path() + "/archive", dir_.path() + "/away");
  std::ofstream(dir_.path() + "/archive") << "no folder";
  clock_.Advance(absl::Hours(48));
  EXPECT_TRUE(PollUntil([&] { return Metric(config_, kFailures) >= 1; }, absl::Seconds(20)));
  std::filesystem::remove(dir_.path() + "/archive");
  std::filesystem::rename(dir_.path() + "/away", dir_.path() + "/archive");
  EXPECT_TRUE(PollUntil([&] { return Metric(config_, "flywheel_archived_interactions") == 30; },
                        absl::Seconds(20)));
}

TEST_F(RetentionTest, TheWorkerStopsWhileItWaitsForItsNextTurn) {
  config_.retention.compress_after = "1h";
  config_.retention.interval = "365d";
  Start();
  // Whoever waited for that turn would be waited for by this test until its end.
  server_.reset();
}

TEST_F(RetentionTest, RefusesRulesThatCannotBe) {
  const auto refused = [&](const RetentionFlags& flags) {
    IngestConfig config = config_;
    config.server.data_dir = dir_.path() + "/other";
    config.server.database_url.clear();
    config.retention = flags;
    EXPECT_OK(rpc::FinishServerConfig(config.server));
    EXPECT_THAT(IngestServer::Start(config, &clock_), HasReason(Reason::kInvalidConfiguration));
  };
  refused({.compress_after = "seven days"});
  refused({.compress_after = "-1d"});
  refused({.archive_after = "7d"});
  refused({.thin_after = "7d", .thin_share = 0});
  refused({.thin_after = "7d", .thin_share = 1.5});
  refused({.interval = "0"});
  refused({.archive_dir = dir_.path(), .s3_endpoint = "http://127.0.0.1:1", .s3_bucket = "b"});
  refused({.s3_endpoint = "ftp://127.0.0.1", .s3_bucket = "b"});
  refused({.s3_endpoint = "http://127.0.0.1:1", .s3_bucket = "b"});
}

TEST(Dictionary, HoldsWhatManyPeopleShareAndNothingOfOnesOwn) {
  std::vector<DictionarySample> samples;
  for (int person = 0; person < 300; ++person) {
    const std::string id = std::to_string(person * 1'000'003);
    samples.push_back({"u_" + id, "s" + id,
                       fmt::format("You are the support of a shop. Be kind, be brief, and never "
                                   "promise a date.\n My name is Person{0}, and my secret is "
                                   "word{0}.\nAnything else today?",
                                   id)});
  }
  // One who says the same a hundred times is still one.
  for (int i = 0; i < 100; ++i) {
    samples.push_back(
        {"u_loud", "s" + std::to_string(i), "The loud one lives at Loud Street 12345."});
  }
  // And what forty say in one room stays in it.
  for (int i = 0; i < 40; ++i) {
    samples.push_back({"u_" + std::to_string(i), "room", "We forty met at Quiet Square 54321."});
  }
  const std::string dictionary = MakeDictionary(samples);
  ASSERT_FALSE(dictionary.empty());
  EXPECT_THAT(dictionary, ::testing::HasSubstr("You are the support of a shop."));
  EXPECT_THAT(dictionary, ::testing::HasSubstr("Anything else today?"));
  EXPECT_THAT(dictionary, ::testing::Not(::testing::HasSubstr("Loud Street")));
  EXPECT_THAT(dictionary, ::testing::Not(::testing::HasSubstr("Quiet Square")));
  for (const DictionarySample& sample : samples) {
    EXPECT_EQ(dictionary.find("Person" + sample.owner.substr(2)), std::string::npos);
    EXPECT_EQ(dictionary.find("word" + sample.owner.substr(2)), std::string::npos);
  }
  const auto made = ZstdDictionary::Make(1, dictionary);
  ASSERT_OK(made);
  const auto with = Compress(samples[17].payload, made->get());
  ASSERT_OK(with);
  EXPECT_LT(with->size(), Compress(samples[17].payload, nullptr)->size() / 2);
  EXPECT_EQ(*Decompress(*with, made->get(), 1 << 20), samples[17].payload);
}

TEST(Dictionary, IsNoneWhereNothingIsShared) {
  std::vector<DictionarySample> samples;
  for (int person = 0; person < 300; ++person) {
    const std::string id = std::to_string(person);
    samples.push_back({id, id, std::to_string(person * int64_t{7'654'321})});
  }
  EXPECT_EQ(MakeDictionary(samples), "");
  EXPECT_EQ(MakeDictionary({}), "");
}

TEST(Codec, FindsEveryChangedByte) {
  std::string payload;
  for (int i = 0; i < 500; ++i) payload += std::to_string(i * i) + ", ";
  const auto frame = Compress(payload, nullptr);
  ASSERT_OK(frame);
  for (size_t i = 0; i < frame->size(); ++i) {
    std::string changed = *frame;
    changed[i] = static_cast<char>(changed[i] ^ 0x20);
    const auto read = Decompress(changed, nullptr, 1 << 20);
    EXPECT_TRUE(!read.ok() || *read == payload) << i;
    if (!read.ok()) {
      EXPECT_THAT(read, HasReason(Reason::kStoreCorrupt));
    }
  }
  EXPECT_THAT(Decompress(frame->substr(0, 40), nullptr, 1 << 20), HasReason(Reason::kStoreCorrupt));
  EXPECT_THAT(Decompress(*frame, nullptr, 100), HasReason(Reason::kStoreCorrupt));
}

}  // namespace
}  // namespace flywheel::ingest
