#include "shared/rpc/key_ring.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/time_text.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAgentKey[] = "key-of-the-shop-1234";

class KeyRingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = spdlog::default_logger();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
  }
  void TearDown() override { spdlog::set_default_logger(before_); }

  // The key above, good for so long.
  void Write(absl::Duration lifetime) {
    std::ofstream(path_) << "agent " << kAgentKey
                         << " shop writer expires=" << SecondsText(clock_.Now() + lifetime) << "\n";
  }

  void Load(absl::Duration lifetime) {
    Write(lifetime);
    auto ring = KeyRing::Load(path_, "ingest", &metrics_, &clock_);
    ASSERT_OK(ring);
    ring_ = *std::move(ring);
  }

  // What was logged since the last time.
  std::string Log() {
    std::string text = log_.str();
    log_.str("");
    return text;
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/keys";
  FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  Metrics metrics_;
  std::ostringstream log_;
  std::shared_ptr<spdlog::logger> before_;
  std::unique_ptr<KeyRing> ring_;
};

TEST_F(KeyRingTest, RefusesAKeyFromItsTimeOn) {
  ASSERT_NO_FATAL_FAILURE(Load(absl::Hours(1)));
  const auto found = ring_->Find(kAgentKey);
  ASSERT_OK(found);
  clock_.Advance(absl::Hours(1) - absl::Seconds(1));
  EXPECT_OK(ring_->Find(kAgentKey));
  EXPECT_OK(ring_->Check(*found));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(ring_->Find(kAgentKey), HasReason(Reason::kKeyExpired));
  EXPECT_THAT(ring_->Check(*found), HasReason(Reason::kKeyExpired)) << "a stream goes on no longer";
  const auto metadata = errors::MetadataOf(ring_->Find(kAgentKey).status());
  EXPECT_EQ(metadata.at("key_id"), "agent");
  EXPECT_EQ(metadata.at("expire_time"), SecondsText(clock_.Now()));
}

TEST_F(KeyRingTest, RemindsOfAKeyThatWillExpireOnceADay) {
  ASSERT_NO_FATAL_FAILURE(Load(absl::Hours(24 * 15)));
  EXPECT_OK(ring_->Find(kAgentKey));
  EXPECT_THAT(Log(), Not(HasSubstr("key=agent")));
  clock_.Advance(absl::Hours(24));
  EXPECT_OK(ring_->Find(kAgentKey));
  EXPECT_THAT(Log(), HasSubstr("event=key_expires_soon key=agent project=shop expire_time=2026-"));
  clock_.Advance(absl::Hours(23));
  EXPECT_OK(ring_->Find(kAgentKey));
  EXPECT_THAT(Log(), Not(HasSubstr("key=agent")));
  clock_.Advance(absl::Hours(24 * 14));
  EXPECT_THAT(ring_->Find(kAgentKey), HasReason(Reason::kKeyExpired));
  EXPECT_THAT(Log(), HasSubstr("event=key_expired key=agent"));
}

TEST_F(KeyRingTest, TakesANewFileAndKeepsTheOldWhereTheNewIsNone) {
  ASSERT_NO_FATAL_FAILURE(Load(absl::Hours(1)));
  const auto found = ring_->Find(kAgentKey);
  ASSERT_OK(found);
  clock_.Advance(absl::Hours(2));
  std::ofstream(path_) << "nothing of a key\n";
  ring_->Reload();
  EXPECT_THAT(Log(), HasSubstr("event=keys_not_reloaded"));
  EXPECT_THAT(ring_->Find(kAgentKey), HasReason(Reason::kKeyExpired));
  Write(absl::Hours(1));
  ring_->Reload();
  EXPECT_THAT(Log(), HasSubstr("event=key_expires_soon key=agent"));
  EXPECT_OK(ring_->Find(kAgentKey));
  EXPECT_THAT(ring_->Check(*found), HasReason(Reason::kUnauthenticated))
      << "it stands for other rights than it did";
}

}  // namespace
}  // namespace flywheel::rpc
