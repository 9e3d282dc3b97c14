// What ingest says of a project whose instrumentation records no texts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "cli/free_port.h"
#include "shared/files/files.h"
#include "shared/time/poll.h"
#include "tests/ingest_service/otlp/otlp_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class MissingTextTest : public OtlpTest {
 protected:
  void SetUp() override {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    config_.server.metrics_listen = "127.0.0.1:" + std::to_string(metrics_port_);
    OtlpTest::SetUp();
    auto log = std::make_shared<spdlog::logger>(
        "ingest", std::make_shared<spdlog::sinks::basic_file_sink_mt>(log_.path() + "/log"));
    log->flush_on(spdlog::level::warn);
    previous_log_ = spdlog::default_logger();
    spdlog::set_default_logger(std::move(log));
  }
  void TearDown() override {
    server_.reset();
    if (previous_log_ != nullptr) spdlog::set_default_logger(previous_log_);
  }

  // A call of a model as an instrumentation sends it that is not told to record texts.
  void ExportWithoutText(uint64_t trace) {
    TraceBuilder builder = Trace(trace);
    builder.Add(1, 0, "chat gpt-5", 0, 10)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.request.model", "gpt-5")
        .Set("gen_ai.usage.input_tokens", 12);
    EXPECT_FALSE(Export(builder).has_partial_success());
  }

  // Whether the metrics say so, soon.
  bool CountsTextless(int count) {
    const std::string line =
        "flywheel_items_total{method=\"AssembleTraces\",outcome=\"textless_interactions\"} " +
        std::to_string(count) + "\n";
    return PollUntil(
        [&] {
          return integration::HttpGet(metrics_port_, "/metrics").find(line) != std::string::npos;
        },
        absl::Seconds(20));
  }

  std::string Log() const { return *ReadFile(log_.path() + "/log"); }

  int metrics_port_ = 0;
  testing::TempDir log_;
  std::shared_ptr<spdlog::logger> previous_log_;
};

TEST_F(MissingTextTest, IsCountedAndSaidOnceThatTwentyTracesCarryNone) {
  for (uint64_t trace = 1; trace <= 19; ++trace) ExportWithoutText(trace);
  PassUntil(19);
  ASSERT_TRUE(CountsTextless(19));
  EXPECT_THAT(Log(), Not(HasSubstr("otlp_no_text")));
  const auto in_a_row = [this] {
    v1::GetStatsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetStats, v1::GetStatsRequest(), &response));
    return response.textless_traces();
  };
  EXPECT_EQ(in_a_row(), 0);

  ExportWithoutText(20);
  PassUntil(20);

  const auto warned = [this] { return Log().find("otlp_no_text") != std::string::npos; };
  ASSERT_TRUE(PollUntil(warned, absl::Seconds(20)));
  const std::string log = Log();
  EXPECT_THAT(log, AllOf(HasSubstr("event=otlp_no_text project=default message=\"got 20 traces"),
                         HasSubstr("CAPTURE_MESSAGE_CONTENT=SPAN_ONLY")));
  EXPECT_EQ(Get("otel-" + TraceHex(20)).interaction().input(), "");
  // Not again within the hour.
  ExportWithoutText(21);
  PassUntil(21);
  ASSERT_TRUE(CountsTextless(21));
  EXPECT_EQ(Log(), log);
  EXPECT_EQ(in_a_row(), 21);
  // Until a text comes.
  Export(Chat(22, "where is my card"));
  PassUntil(22);
  EXPECT_TRUE(PollUntil([&] { return in_a_row() == 0; }, absl::Seconds(20)));
}

TEST_F(MissingTextTest, IsNotSaidWhereTextsCome) {
  for (uint64_t trace = 1; trace <= 40; ++trace) Export(Chat(trace, "where is my card"));
  PassUntil(40);
  // A trace that is noted after those.
  ExportWithoutText(41);
  PassUntil(41);
  ASSERT_TRUE(CountsTextless(1));
  EXPECT_THAT(Log(), Not(HasSubstr("otlp_no_text")));
}

}  // namespace
}  // namespace flywheel::ingest
