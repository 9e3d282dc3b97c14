// A store with damage in its pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

using ::testing::HasSubstr;

class CorruptStoreTest : public FaultTest {
 protected:
  static constexpr int kItems = 400;
  static constexpr int64_t kPageBytes = 8'192;

  // A healthy store, and a copy of it.
  void SetUp() override {
    Serve();
    ASSERT_OK(Store(MakeBatch("a", kItems)));
    Stop();
    std::filesystem::copy_file(store(), dir_.path() + "/healthy.db");
    size_ = static_cast<int64_t>(std::filesystem::file_size(store()));
  }

  void Heal() {
    std::filesystem::copy_file(dir_.path() + "/healthy.db", store(),
                               std::filesystem::copy_options::overwrite_existing);
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(store() + suffix);
  }
  void Overwrite(int64_t place, const std::string& bytes) {
    std::fstream file(store(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(place);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  void ExpectRefusesToStart() {
    Launch();
    ASSERT_FALSE(AwaitServing());
    EXPECT_EQ(child_->Exited(), "exit code 1");
    EXPECT_THAT(Log(), HasSubstr("is damaged"));
    EXPECT_THAT(Log(), HasSubstr("flywheel restore"));
  }

  // Either it does not start, or every answer is right or an error.
  void ExpectNoWrongRecord(const std::string& what) {
    Launch();
    if (!AwaitServing()) {
      EXPECT_EQ(child_->Exited(), "exit code 1") << what << Log();
      ++refused_;
      return;
    }
    const auto all = List();
    if (all.ok()) {
      EXPECT_EQ(all->size(), static_cast<size_t>(kItems)) << what;
      for (const auto& [id, interaction] : *all) {
        EXPECT_EQ(interaction.input(), MakeInteraction(id).input()) << what;
        EXPECT_EQ(interaction.output(), MakeInteraction(id).output()) << what;
      }
    }
    child_->Kill();
  }

  int64_t size_ = 0;
  int refused_ = 0;
};

TEST_F(CorruptStoreTest, RefusesToStartWhereTheHeaderIsOverwritten) {
  Overwrite(0, std::string(100, '\xAA'));
  ExpectRefusesToStart();
}

TEST_F(CorruptStoreTest, RefusesToStartWhereAPageIsOverwritten) {
  for (const int64_t page : {int64_t{0}, size_ / kPageBytes / 2, size_ / kPageBytes - 1}) {
    Heal();
    // From the page's own header on; the first page has the file's before it.
    Overwrite(page * kPageBytes + (page == 0 ? 100 : 0), std::string(4'000, '\x5A'));
    ExpectRefusesToStart();
  }
}

TEST_F(CorruptStoreTest, RefusesToStartWhereTheFileIsCutShort) {
  std::filesystem::resize_file(store(), static_cast<uintmax_t>(size_ - 3 * kPageBytes));
  ExpectRefusesToStart();
}

TEST_F(CorruptStoreTest, NeverShowsAWrongRecordWhereBytesOfItsStructureFlip) {
  std::mt19937 random(20'261'121);  // NOLINT: the same flips in every run.
  constexpr int kFlips = 24;
  for (int flip = 0; flip < kFlips; ++flip) {
    Heal();
    // The file's header, or the header of a page and the beginning of its list of cells.
    const int64_t page = static_cast<int64_t>(random()) % (size_ / kPageBytes);
    const int64_t place = flip % 3 == 0 ? static_cast<int64_t>(random() % 100)
                                        : page * kPageBytes + (page == 0 ? 100 : 0) +
                                              static_cast<int64_t>(random() % 24);
    const std::string byte(1, static_cast<char>(random()));
    Overwrite(place, byte);
    ExpectNoWrongRecord(fmt::format("byte {} is {}", place, static_cast<int>(byte[0])));
  }
  EXPECT_GT(refused_, 0) << "no flip was noticed: are they where they should be?";
}

TEST_F(CorruptStoreTest, AnswersAnErrorWhereThePagesAreDamagedWhileItRuns) {
  Serve();
  // Behind the back of the process, all but the file's header and the schema.
  Overwrite(8 * kPageBytes, std::string(static_cast<size_t>(size_ - 8 * kPageBytes), '\x5A'));
  const auto all = List();
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(errors::ReasonOf(all.status()), Reason::kStorageUnavailable) << all.status();
  EXPECT_THAT(Log(), HasSubstr("is damaged"));
}

}  // namespace
}  // namespace flywheel::fault
