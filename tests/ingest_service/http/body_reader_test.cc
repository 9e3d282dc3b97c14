// Bodies of requests, plain and compressed.
#include "ingest_service/http/body_reader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "ingest_service/http/body_pace.h"
#include "shared/testing/status_matchers.h"
#include "tests/ingest_service/http/deflate.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

constexpr int64_t kLimit = 1 << 20;

class Bodies : public ::testing::Test {
 protected:
  std::unique_ptr<BodyReader> Reader(const std::string& encoding,
                                     const std::string& project = "shop") {
    auto reader = BodyReader::Make(encoding, kLimit, &budget_, project);
    EXPECT_OK(reader);
    return reader.ok() ? *std::move(reader) : nullptr;
  }

  // What a body becomes that comes in pieces of `piece_bytes`.
  absl::StatusOr<std::string> Read(const std::string& encoding, const std::string& body,
                                   size_t piece_bytes) {
    const auto reader = Reader(encoding);
    for (size_t i = 0; i < body.size(); i += piece_bytes) {
      const absl::Status status = reader->Add(std::string_view(body).substr(i, piece_bytes));
      if (!status.ok()) return status;
    }
    const auto whole = reader->Finish();
    if (!whole.ok()) return whole.status();
    return std::string(*whole);
  }

  ByteBudget budget_{4 * kLimit, kLimit};
  const std::string text_ = std::string(70'000, 'a') + "the end";
};

TEST_F(Bodies, ArePutTogetherAndInflatedWhateverThePieces) {
  for (const size_t piece_bytes : {1u, 7u, 4'096u, 1'000'000u}) {
    EXPECT_EQ(*Read("", text_, piece_bytes), text_);
    EXPECT_EQ(*Read("identity", text_, piece_bytes), text_);
    EXPECT_EQ(*Read("gzip", Gzip(text_), piece_bytes), text_);
    EXPECT_EQ(*Read("GZIP", Gzip(text_), piece_bytes), text_);
    EXPECT_EQ(*Read("deflate", Zlib(text_), piece_bytes), text_);
    EXPECT_EQ(*Read("gzip", Gzip("two ") + Gzip("members"), piece_bytes), "two members");
  }
  EXPECT_EQ(*Read("gzip", "", 1), "");
  EXPECT_EQ(*Read("gzip", Gzip(""), 1), "");
}

TEST_F(Bodies, OfOtherEncodingsAreRefused) {
  for (const char* encoding : {"br", "zstd", "gzip, gzip", "snappy"}) {
    EXPECT_THAT(BodyReader::Make(encoding, kLimit, &budget_, "shop"),
                HasReason(Reason::kInvalidArgument))
        << encoding;
  }
}

TEST_F(Bodies, ThatAreCutShortOrDamagedAreRefused) {
  const std::string whole = Gzip(text_);
  for (const size_t size : {size_t{1}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    EXPECT_THAT(Read("gzip", whole.substr(0, size), 64), HasReason(Reason::kInvalidArgument))
        << size;
  }
  std::string damaged = whole;
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_THAT(Read("gzip", damaged, 64), HasReason(Reason::kInvalidArgument)) << "the checksum";
  EXPECT_THAT(Read("gzip", whole + "more", 64), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Read("gzip", "plain", 64), HasReason(Reason::kInvalidArgument));
}

TEST_F(Bodies, AreNeverHeldBeyondTheLimit) {
  EXPECT_OK(Read("", std::string(kLimit, 'a'), 4'096));
  EXPECT_THAT(Read("", std::string(kLimit + 1, 'a'), 4'096), HasReason(Reason::kTooLarge));
  // 256 MiB from 260 KiB.
  const std::string bomb = Gzip(std::string(256 << 20, 'a'));
  ASSERT_LT(bomb.size(), 300'000u);
  const auto reader = Reader("gzip");
  EXPECT_THAT(reader->Add(bomb), HasReason(Reason::kTooLarge));
  EXPECT_LE(reader->size_bytes(), kLimit);
  EXPECT_LE(budget_.taken_bytes(), kLimit);
  // Members without content cost nothing but time, and that ends as well.
  std::string empty_members;
  while (empty_members.size() <= kLimit) empty_members += Gzip("");
  EXPECT_THAT(Read("gzip", empty_members, 4'096), HasReason(Reason::kTooLarge));
}

TEST_F(Bodies, ShareABudgetAndGiveItBack) {
  const std::string body(kLimit, 'a');
  std::vector<std::unique_ptr<BodyReader>> readers;
  for (int i = 0; i < 4; ++i) {
    readers.push_back(Reader("", "project-" + std::to_string(i)));
    ASSERT_OK(readers.back()->Add(body));
  }
  const auto fifth = Reader("", "project-4");
  const absl::Status full = fifth->Add("a");
  EXPECT_THAT(full, HasReason(Reason::kBackPressure));
  EXPECT_TRUE(errors::RetryDelayOf(full).has_value());
  readers[0]->Release();
  EXPECT_OK(fifth->Add("a"));
  readers.clear();
  EXPECT_EQ(budget_.taken_bytes(), 1);
}

TEST_F(Bodies, OfOneProjectHoldNoMoreThanTheyLeaveFree) {
  const std::string half(kLimit / 2, 'a');
  std::vector<std::unique_ptr<BodyReader>> greedy;
  for (int i = 0; i < 4; ++i) {
    greedy.push_back(Reader(""));
    ASSERT_OK(greedy.back()->Add(half));
  }
  const auto refused = Reader("");
  const absl::Status status = refused->Add("a");
  EXPECT_THAT(status, HasReason(Reason::kBackPressure));
  EXPECT_TRUE(errors::RetryDelayOf(status).has_value());
  // The others find what is left.
  const auto other = Reader("", "bank");
  EXPECT_OK(other->Add(half));
  EXPECT_OK(other->Add(half));
  EXPECT_OK(Reader("", "school")->Add(half));
  // What one gives back is there for all, under the same rule.
  greedy.resize(1);
  EXPECT_OK(refused->Add(half));
}

TEST_F(Bodies, OfTheLargestSizeAreTakenEvenWhereThatIsTheWholeBudget) {
  ByteBudget budget{kLimit, kLimit};
  auto only = *BodyReader::Make("", kLimit, &budget, "shop");
  EXPECT_OK(only->Add(std::string(kLimit, 'a')));
  EXPECT_THAT((*BodyReader::Make("", kLimit, &budget, "bank"))->Add("a"),
              HasReason(Reason::kBackPressure));
}

TEST(BodyPace, GivesABodyTimeForWhatCameOfItAndNotForWhatItAnnounced) {
  const BodyPace pace{.base = std::chrono::seconds(10), .bytes_per_second = 1'000};
  EXPECT_EQ(pace.TimeAllowed(0), std::chrono::seconds(10));
  EXPECT_EQ(pace.TimeAllowed(1), std::chrono::microseconds(10'001'000));
  EXPECT_EQ(pace.TimeAllowed(30'000), std::chrono::seconds(40));
  EXPECT_EQ(pace.TimeAllowed(int64_t{1} << 40),
            std::chrono::microseconds(10'000'000 + (int64_t{1'000} << 40)));
}

}  // namespace
}  // namespace flywheel::ingest
