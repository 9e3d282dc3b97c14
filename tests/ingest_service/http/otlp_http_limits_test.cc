// OTLP over HTTP: what a client can take of the server, in size, time and connections.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/ingest_service/http/deflate.h"
#include "tests/ingest_service/http/otlp_http_fixture.h"

namespace flywheel::ingest {
namespace {

TEST_F(OtlpHttpTest, RefusesWhatIsTooLargeBeforeItIsRead) {
  HttpClient client(port());
  client.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Content-Length: 65537\r\n\r\n");
  const HttpReply announced = client.Read();
  ExpectStatus(announced, 413, "got 65537 bytes, want at most 65536");
  EXPECT_EQ(announced.headers.at("connection"), "close");
  const std::string bomb = Gzip(std::string(10 << 20, ' '));
  ASSERT_LT(static_cast<int64_t>(bomb.size()), kMaxBytes);
  ExpectStatus(Exchange(HttpPost(kTraces, kJson, bomb, "Content-Encoding: gzip\r\n")), 413,
               "after inflation");
  // The server drops the rest, so that the client can read the answer.
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  HttpClient endless(port());
  endless.Send(
      "POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) endless.Send(chunk);
  ExpectStatus(endless.Read(), 413, "want at most 65536");
}

TEST_F(OtlpHttpTest, RefusesAHeadThatDoesNotEnd) {
  HttpClient line(port());
  line.Send("POST /v1/traces HTTP/1.1\r\nX-Long: " + std::string(1 << 20, 'a'));
  EXPECT_EQ(line.Read().status, 431);
  std::string many = "POST /v1/traces HTTP/1.1\r\n";
  for (int i = 0; i < 2'000; ++i) many += "X-" + std::to_string(i) + ": some value\r\n";
  EXPECT_EQ(Exchange(many).status, 431);
}

TEST_F(OtlpHttpTest, LetsIdleConnectionsGiveWayWhenAllAreTaken) {
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4'096);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 4'096) GTEST_SKIP() << "both ends of 600 connections are too many files";
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (int i = 0; i < 600; ++i) {
    idle.push_back(std::make_unique<HttpClient>(port()));
    ASSERT_TRUE(idle.back()->connected()) << i;
  }
  EXPECT_EQ(Exchange(HttpPost(kTraces, kJson, "{}")).status, 200) << "after five seconds";
  EXPECT_TRUE(idle[400]->ReadsEnd()) << "it came when more than half were taken";
}

// The clock that matters here is the machine's; however late this test is, what it asks for comes.
TEST_F(OtlpHttpTest, AnswersABodyThatComesTooSlowlyAndGivesItsMemoryBack) {
  config_.otlp_body_pace = {.base = std::chrono::milliseconds(50), .bytes_per_second = 1 << 30};
  Start();
  const std::string head =
      "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  HttpClient announced(port());
  announced.Send(head + "Content-Length: 60000\r\n\r\n" + std::string(40'000, ' '));
  const HttpReply reply = announced.Read();
  ExpectStatus(reply, 408, "body: got ");
  EXPECT_EQ(reply.headers.at("connection"), "close");
  HttpClient chunked(port());
  chunked.Send(head + "Transfer-Encoding: chunked\r\n\r\n10\r\n{");
  ExpectStatus(chunked.Read(), 408, "want one that is whole within");
  HttpClient invited(port());
  invited.Send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(invited.Read().status, 100);
  EXPECT_EQ(invited.Read().status, 408);
  // All of the memory is there for a body of the largest size. Where the machine holds its breath,
  // that one is too slow as well.
  int status = 408;
  for (int i = 0; i < 100 && status == 408; ++i) {
    status = Exchange(HttpPost(kTraces, kJson, "{}" + std::string(kMaxBytes - 2, ' '))).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(OtlpHttpTest, LeavesRoomForOtherProjectsBesideOneThatHoldsAllItMay) {
  std::ofstream(dir_.path() + "/keys") << "red red-writer-0123456789 red writer\n"
                                          "blue blue-writer-0123456789 blue writer\n";
  config_.server.api_keys_file = dir_.path() + "/keys";
  config_.server.max_queued_bytes = 3 * kMaxBytes;
  config_.otlp_body_pace.base = std::chrono::hours(1);
  Start();
  // Bodies of which the end does not come. The server takes them in pieces of 16 KiB, two of each:
  // three bodies hold half of the memory.
  std::vector<std::unique_ptr<HttpClient>> red;
  std::vector<pollfd> answers;
  for (int i = 0; i < 4; ++i) {
    red.push_back(std::make_unique<HttpClient>(port()));
    red.back()->Send(
        "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Content-Length: 65536\r\nAuthorization: Bearer red-writer-0123456789\r\n\r\n" +
        std::string(40'000, ' '));
    answers.push_back({red.back()->descriptor(), POLLIN, 0});
  }
  // The one that came last, or two that came last at the same moment.
  ASSERT_GE(poll(answers.data(), answers.size(), 20'000), 1);
  for (size_t i = 0; i < red.size(); ++i) {
    if (answers[i].revents != 0) ExpectStatus(red[i]->Read(), 429, "the limit is");
  }
  EXPECT_EQ(Exchange(HttpPost(kTraces, kJson, "{}" + std::string(60'000, ' '),
                              "Authorization: Bearer blue-writer-0123456789\r\n"))
                .status,
            200);
}

}  // namespace
}  // namespace flywheel::ingest
