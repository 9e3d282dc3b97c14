// The archive in a bucket: signed requests, and what becomes of failures.
#include "ingest_service/payloads/s3_bucket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "tests/ingest_service/payloads/s3_server.h"
#include "tests/ingest_service/retention/retention_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

class S3BucketTest : public RetentionTest {
 protected:
  std::string Credentials(const std::string& id, const std::string& secret) {
    std::string path = dir_.path() + "/credentials";
    std::ofstream(path) << "[default]\naws_access_key_id = " << id
                        << "\naws_secret_access_key=" << secret << "\n";
    return path;
  }

  std::unique_ptr<ObjectStore> Bucket(const std::string& secret = "a/secret+of=mine") {
    auto bucket = S3Bucket::Open(
        {s3_.endpoint() + "/", "archive.of-mine", "eu-central-1", Credentials("AKID", secret)});
    EXPECT_OK(bucket);
    return *std::move(bucket);
  }

  testing::S3Server s3_{"AKID", "a/secret+of=mine"};
};

TEST_F(S3BucketTest, PutsReadsAndRemovesWithSignaturesThatTheStoreTakes) {
  const auto bucket = Bucket();
  const std::string name = "project-a:b/000-7.jsonl.zst";
  std::string bytes(300'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 131);
  ASSERT_OK(bucket->Put(name, bytes)) << s3_.complaint();
  EXPECT_EQ(s3_.objects().at("/archive.of-mine/project-a%3Ab/000-7.jsonl.zst"), bytes);
  EXPECT_EQ(*bucket->Get(name, 0, 300'000), bytes);
  EXPECT_EQ(*bucket->Get(name, 1'000, 17), bytes.substr(1'000, 17));
  EXPECT_EQ(*bucket->Get(name, 299'999, 1), bytes.substr(299'999));
  EXPECT_THAT(bucket->Get(name, 299'990, 100), HasReason(Reason::kStoreCorrupt));
  EXPECT_THAT(bucket->Get(name, 300'000, 1), HasReason(Reason::kStoreCorrupt));
  ASSERT_OK(bucket->Remove(name));
  EXPECT_TRUE(s3_.objects().empty());
  ASSERT_OK(bucket->Remove(name));
  EXPECT_THAT(bucket->Get(name, 0, 1), HasReason(Reason::kNotFound));
}

TEST_F(S3BucketTest, SaysThatAKeyIsRefusedWithoutSendingItAgain) {
  const auto bucket = Bucket("another secret");
  const absl::Status status = bucket->Put("a", "bytes");
  EXPECT_THAT(status, HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT(errors::MessageOf(status), ::testing::HasSubstr("SignatureDoesNotMatch"));
  EXPECT_THAT(errors::MessageOf(status), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_EQ(s3_.requests(), 1);
}

TEST_F(S3BucketTest, SendsAgainWhatAFailingStoreMayTakeLaterAndGivesUpAfterThree) {
  const auto bucket = Bucket();
  s3_.FailNext({503, 0});
  ASSERT_OK(bucket->Put("a", "bytes"));
  EXPECT_EQ(s3_.requests(), 3);
  s3_.FailNext({500, 429, 502, 500});
  EXPECT_THAT(bucket->Get("a", 0, 5), HasReason(Reason::kStorageUnavailable));
  EXPECT_EQ(s3_.requests(), 6);
  s3_.FailNext({});
  EXPECT_EQ(*bucket->Get("a", 0, 5), "bytes");
}

TEST_F(S3BucketTest, WaitsForNoOtherTryOnceItIsStopped) {
  S3Options options = {s3_.endpoint(), "archive.of-mine", "eu-central-1",
                       Credentials("AKID", "a/secret+of=mine")};
  // Whoever waited it out would be waited for by this test until its end.
  options.first_wait = absl::Hours(24);
  auto bucket = S3Bucket::Open(options);
  ASSERT_OK(bucket);
  s3_.FailNext({503, 503, 503});
  absl::Status status;
  std::thread writer([&] { status = (*bucket)->Put("a", "bytes"); });
  s3_.AwaitRequests(1);
  (*bucket)->Stop();
  writer.join();
  EXPECT_THAT(status, HasReason(Reason::kStorageUnavailable));
  EXPECT_EQ(s3_.requests(), 1);
}

TEST_F(S3BucketTest, SaysThatNobodyAnswers) {
  const auto bucket = S3Bucket::Open({"http://127.0.0.1:1", "b", "r", Credentials("AKID", "s")});
  ASSERT_OK(bucket);
  EXPECT_THAT((*bucket)->Get("a", 0, 5), HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT((*bucket)->Remove("a"), HasReason(Reason::kStorageUnavailable));
}

TEST_F(S3BucketTest, TheServiceArchivesThereAndAnswersAsBefore) {
  config_.retention.archive_after = "1d";
  config_.retention.delete_after = "90d";
  config_.retention.s3_endpoint = s3_.endpoint();
  config_.retention.s3_bucket = "b";
  config_.retention.s3_credentials_file = Credentials("AKID", "a/secret+of=mine");
  Start();
  LogMany(200);
  const auto plain = Answers(200);
  s3_.FailNext({503, 503, 503});
  clock_.Advance(absl::Hours(49));
  EXPECT_THAT(server_->ApplyRetention(), HasReason(Reason::kStorageUnavailable));
  EXPECT_EQ(Answers(200), plain);
  EXPECT_EQ(Age(absl::ZeroDuration()).archived, 200);
  EXPECT_EQ(s3_.objects().size(), 1u);
  EXPECT_EQ(Answers(200), plain);
  // Out of reach for a while: said, and well again afterwards.
  Start();
  s3_.FailNext({503, 503, 503});
  grpc::Status ended;
  EXPECT_TRUE(Entries(0, &ended).empty());
  EXPECT_THAT(ended, HasReason(Reason::kStorageUnavailable));
  EXPECT_EQ(Answers(200), plain);
  EXPECT_EQ(Age(absl::Hours(24 * 90)).deleted_interactions, 200);
  EXPECT_TRUE(s3_.objects().empty());
}

// FLYWHEEL_TEST_S3 names a real store: ENDPOINT BUCKET REGION CREDENTIALS_FILE.
TEST_F(S3BucketTest, ARealStoreTakesItToo) {
  const char* const named = std::getenv("FLYWHEEL_TEST_S3");
  if (named == nullptr) GTEST_SKIP() << "FLYWHEEL_TEST_S3 names no store";
  S3Options options;
  std::istringstream(named) >> options.endpoint >> options.bucket >> options.region >>
      options.credentials_file;
  const auto bucket = S3Bucket::Open(options);
  ASSERT_OK(bucket);
  ASSERT_OK((*bucket)->Put("project-a:b/test.jsonl.zst", "0123456789"));
  EXPECT_EQ(*(*bucket)->Get("project-a:b/test.jsonl.zst", 2, 3), "234");
  EXPECT_THAT((*bucket)->Get("project-a:b/test.jsonl.zst", 8, 10),
              HasReason(Reason::kStoreCorrupt));
  ASSERT_OK((*bucket)->Remove("project-a:b/test.jsonl.zst"));
  ASSERT_OK((*bucket)->Remove("project-a:b/test.jsonl.zst"));
  EXPECT_THAT((*bucket)->Get("project-a:b/test.jsonl.zst", 0, 1), HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace flywheel::ingest
