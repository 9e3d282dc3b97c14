// `flywheel gate run --openai-url`: an endpoint that limits, breaks and refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/cli/chat_server.h"
#include "tests/cli/gate_run_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GateEndpointTest : public GateRunFixture {
 protected:
  CommandResult Ask(const ChatServer& server, const std::string& version,
                    std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"run", "--suite", "smoke", "--candidate", version, "--openai-url",
                               server.url(), "--model", "m1"});
    return Gate(std::move(more));
  }

  // The right answer to a request.
  static ChatReply Right(const nlohmann::json& body) {
    const auto question = body["messages"].back()["content"].get<std::string>();
    constexpr size_t kBefore = std::char_traits<char>::length("question number ");
    return ChatText("answer " + question.substr(kBefore, question.find(' ', kBefore) - kBefore));
  }
};

TEST_F(GateEndpointTest, WaitsAsLongAsARateLimitAsks) {
  absl::Mutex mutex;
  std::set<std::string> limited;
  absl::Time last_refusal, first_retry = absl::InfiniteFuture();
  std::atomic<int> without_key = 0, with_temperature = 0;
  const ChatServer server([&](const std::string& head, const nlohmann::json& body) -> ChatReply {
    if (head.find("Authorization: Bearer sk-test") == std::string::npos) ++without_key;
    if (body.value("temperature", -1) == 0) ++with_temperature;
    absl::MutexLock lock(&mutex);
    // The first two questions, once each.
    const bool again = !limited.insert(body.dump()).second;
    if (again) first_retry = std::min(first_retry, absl::Now());
    if (limited.size() > 2 || again) return Right(body);
    last_refusal = absl::Now();
    return {429, R"({"error": {"message": "slow down"}})", "Retry-After: 2\r\n"};
  });
  setenv("TEST_GATE_KEY", "sk-test", 1);
  const CommandResult result = Ask(server, "v1",
                                   {"--concurrency", "2", "--api-key-env", "TEST_GATE_KEY",
                                    "--request-body", R"({"temperature": 0})"});
  unsetenv("TEST_GATE_KEY");
  EXPECT_EQ(result.ending, "exit code 0") << result.output;
  EXPECT_GE(first_retry - last_refusal, absl::Milliseconds(1990));
  EXPECT_EQ(without_key, 0);
  EXPECT_EQ(with_temperature, kCases + 2);
  EXPECT_THAT(result.output, Not(HasSubstr("sk-test")));
}

TEST_F(GateEndpointTest, AnOutageIsInconclusiveWhateverItLooksLike) {
  std::atomic<int> kind = 0;
  const ChatServer server([&](const std::string&, const nlohmann::json& body) -> ChatReply {
    switch (kind) {
      case 0:
        return {503, "<html>upstream connect error</html>", ""};
      case 1:
        return {0, "", ""};
      case 2:
        return {200, "<html>Please log in</html>", ""};
      case 3:
        return {429, R"({"error": {"message": "slow down", "code": "rate_limit_exceeded"}})", ""};
      default:
        return Right(body);
    }
  });
  for (; kind < 4; ++kind) {
    const CommandResult down = Ask(server, "v1", {"--retries", "0"});
    EXPECT_EQ(down.ending, "exit code 5") << down.output;
    EXPECT_THAT(down.output, AllOf(HasSubstr("v1: INCONCLUSIVE on suite smoke"),
                                   HasSubstr("failed by the infrastructure (the last: ")));
  }
  EXPECT_EQ(Ask(server, "v1").ending, "exit code 0") << "and nothing of it lasts";
}

TEST_F(GateEndpointTest, SomeLostAnswersAreAskedAgainByTheNextCall) {
  std::atomic<bool> down = true;
  std::atomic<int> asked = 0;
  const ChatServer server([&](const std::string&, const nlohmann::json& body) -> ChatReply {
    const bool third = ++asked % 3 == 0;
    return down && third ? ChatReply{500, "", ""} : Right(body);
  });
  const CommandResult some = Ask(server, "v1", {"--retries", "0"});
  EXPECT_EQ(some.ending, "exit code 5") << some.output;
  EXPECT_THAT(some.output, HasSubstr("HTTP 500"));
  down = false;
  asked = 0;
  const CommandResult rest = Ask(server, "v1", {"--retries", "0"});
  EXPECT_EQ(rest.ending, "exit code 0") << rest.output;
  EXPECT_EQ(asked, kCases / 3);
}

TEST_F(GateEndpointTest, ARefusedKeyAndAnEmptyQuotaStopTheRun) {
  std::atomic<int> asked = 0;
  const ChatServer server([&](const std::string&, const nlohmann::json& body) -> ChatReply {
    ++asked;
    if (body["model"] == "m1") {
      return {401, R"({"error": {"message": "Incorrect API key provided"}})", ""};
    }
    return {429, R"({"error": {"message": "You exceeded it", "code": "insufficient_quota"}})", ""};
  });
  const CommandResult refused = Ask(server, "v1");
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr("HTTP 401: Incorrect API key provided"), HasSubstr("stays open")));
  EXPECT_LE(asked, 8) << "it is not asked for every case";
  const CommandResult empty = Gate({"run", "--suite", "smoke", "--candidate", "v1", "--openai-url",
                                    server.url(), "--model", "m2"});
  EXPECT_EQ(empty.ending, "exit code 1");
  EXPECT_THAT(empty.output, HasSubstr("no quota left"));
}

TEST_F(GateEndpointTest, AQuestionThatTheModelCannotTakeIsTheVersionsError) {
  const ChatServer server([&](const std::string&, const nlohmann::json& body) -> ChatReply {
    const std::string right = Right(body).body;
    const bool too_long =
        right.find("answer 1") != std::string::npos || right.find("answer 2") != std::string::npos;
    return too_long ? ChatReply{400, R"({"error": {"code": "context_length_exceeded"}})", ""}
                    : Right(body);
  });
  const CommandResult result = Ask(server, "v1", {"--json"});
  EXPECT_EQ(result.ending, "exit code 4") << result.output;
  EXPECT_THAT(Report(result)["suites"][0]["failed"]["first"][0]["output"].get<std::string>(),
              HasSubstr("error: HTTP 400"));
}

TEST_F(GateEndpointTest, CountsWhatItCosts) {
  const ChatServer server(
      [&](const std::string&, const nlohmann::json& body) { return Right(body); });
  EXPECT_EQ(Ask(server, "v1", {"--max-cost", "1"}).ending, "exit code 2") << "nobody knows prices";
  // 100 tokens in, 10 out: 0.0012 dollars each.
  const std::vector<std::string> prices = {"--input-price", "10", "--output-price", "20"};
  std::vector<std::string> bounded = prices;
  bounded.insert(bounded.end(), {"--max-cost", "0.0115", "--concurrency", "1"});
  const CommandResult stopped = Ask(server, "v1", bounded);
  EXPECT_EQ(stopped.ending, "exit code 1") << stopped.output;
  EXPECT_THAT(stopped.output, HasSubstr("10 answered, 0 of them errors; $0.0120"));
  EXPECT_EQ(Ask(server, "v1", prices).ending, "exit code 0");
}

}  // namespace
}  // namespace flywheel::cli
