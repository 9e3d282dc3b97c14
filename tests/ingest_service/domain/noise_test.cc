#include "ingest_service/domain/noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using Attributes = std::map<std::string, std::string>;

int64_t NoiseOfTexts(std::string_view input, std::string_view output, int64_t tool_calls = 0) {
  return NoiseOf({input, output, tool_calls, {}});
}

int64_t NoiseOfAttributes(const Attributes& attributes) {
  return NoiseOf({"a question", "an answer", 0, attributes});
}

TEST(Noise, IsEmptyWhereNobodySaidAnythingAndNothingWasDone) {
  const int64_t empty = NoiseBit(Noise::kEmpty);
  EXPECT_EQ(NoiseOfTexts("", ""), empty);
  EXPECT_EQ(NoiseOfTexts(" ?!", "…"), empty);
  EXPECT_EQ(NoiseOfTexts("", "", /*tool_calls=*/1), 0);
  EXPECT_EQ(NoiseOfTexts("?", "7"), 0);
  EXPECT_EQ(NoiseOfTexts("卡", ""), 0);
}

TEST(Noise, KnowsTestTrafficByItsAttribute) {
  for (const char* kind : {"test", "Bot", " synthetic ", "MONITORING", "load"}) {
    EXPECT_EQ(NoiseOfAttributes({{"traffic", kind}}), NoiseBit(Noise::kTestTraffic)) << kind;
  }
  for (const char* kind : {"", "live", "testing the waters"}) {
    EXPECT_EQ(NoiseOfAttributes({{"traffic", kind}}), 0) << kind;
  }
}

TEST(Noise, KnowsRobotsByTheirUserAgent) {
  for (const char* agent :
       {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Pingdom.com_bot_version_1.4", "Mozilla/5.0 HeadlessChrome/119.0", "UptimeRobot/2.0 bot",
        "Baiduspider+(+http://www.baidu.com/search/spider.htm)", "kube-probe/1.27"}) {
    EXPECT_EQ(NoiseOfAttributes({{"user_agent", agent}}), NoiseBit(Noise::kTestTraffic)) << agent;
    EXPECT_EQ(NoiseOfAttributes({{"user_agent.original", agent}}), NoiseBit(Noise::kTestTraffic));
  }
  for (const char* agent :
       {"Mozilla/5.0 (Linux; Android 9; CUBOT P30) Mobile", "curl/8.4.0", "python-requests/2.31",
        "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"}) {
    EXPECT_EQ(NoiseOfAttributes({{"user_agent", agent}}), 0) << agent;
  }
}

TEST(Noise, CountsCharactersAndNotBytes) {
  std::string text;
  for (size_t i = 0; i < kAbsurdCharacters; ++i) text += "卡";
  EXPECT_EQ(NoiseOfTexts(text, ""), 0);
  text += "!";
  EXPECT_EQ(NoiseOfTexts(text, ""), NoiseBit(Noise::kAbsurdLength));
  EXPECT_EQ(NoiseOfTexts("a", text), NoiseBit(Noise::kAbsurdLength));
}

TEST(Noise, MayHaveSeveralReasons) {
  EXPECT_EQ(NoiseOf({"", "", 0, {{"traffic", "test"}}, /*burst=*/true}),
            NoiseBit(Noise::kEmpty) | NoiseBit(Noise::kTestTraffic) | NoiseBit(Noise::kBurst));
}

class StoredNoiseTest : public IngestTest {
 protected:
  // The column of every stored interaction, in commit order.
  std::vector<int64_t> Stored() {
    server_.reset();
    const auto connection = *sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
    sql::Statement select = connection->Prepare("SELECT noise FROM interactions ORDER BY sequence");
    std::vector<int64_t> noise;
    while (select.Next()) noise.push_back(select.Int64(0));
    EXPECT_OK(select.status());
    return noise;
  }
};

TEST_F(StoredNoiseTest, StandsInTheStoreWithTheRecord) {
  v1::Interaction test = Interaction("a");
  (*test.mutable_attributes())["traffic"] = "test";
  v1::Interaction empty = Interaction("b");
  empty.set_input("\x07");
  empty.set_output("");
  Log({test, empty, Interaction("c")});
  EXPECT_THAT(Stored(),
              ::testing::ElementsAre(NoiseBit(Noise::kTestTraffic), NoiseBit(Noise::kEmpty), 0));
}

TEST_F(StoredNoiseTest, MarksTheBurstFromTheEleventhOn) {
  for (int i = 0; i < 12; ++i) {
    v1::Interaction interaction = Interaction("i" + std::to_string(i));
    interaction.set_user_id("ann");
    Log({interaction});
    Log({interaction});  // A replay is no further use.
  }
  std::vector<int64_t> expected(12, 0);
  expected[10] = expected[11] = NoiseBit(Noise::kBurst);
  EXPECT_EQ(Stored(), expected);
}

}  // namespace
}  // namespace flywheel::ingest
