// Test fixture: an ingest service of which every byte that it leaves behind is searched.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_SEARCHED_SERVICE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_SEARCHED_SERVICE_H_

#include <gtest/gtest.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "redaction/recogniser.h"
#include "store_tools/backup.h"
#include "tests/ingest_service/labelled/value_search.h"
#include "tests/ingest_service/retention/retention_fixture.h"
#include "tests/redaction/sentences.h"

namespace flywheel::ingest {

inline std::string Content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// All frames of a zstd file.
inline std::string Unpacked(const std::string& packed) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                   ZSTD_freeDCtx);
  std::string unpacked;
  std::string piece(1 << 16, '\0');
  ZSTD_inBuffer in = {packed.data(), packed.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer out = {piece.data(), piece.size(), 0};
    const size_t result = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(result) != 0) {
      ADD_FAILURE() << ZSTD_getErrorName(result);
      break;
    }
    unpacked.append(piece, 0, out.pos);
  }
  return unpacked;
}

// Its log goes into a file, and its records grow old at will.
class SearchedService : public RetentionTest {
 protected:
  void SetUp() override {
    config_.retention.compress_after = "1d";
    config_.retention.archive_after = "10d";
    config_.retention.archive_dir = dir_.path() + "/archive";
    RetentionTest::SetUp();
    // The server has set its own: everything that it says, into a file.
    auto log = std::make_shared<spdlog::logger>(
        "ingest", std::make_shared<spdlog::sinks::basic_file_sink_mt>(other_.path() + "/log"));
    log->set_level(spdlog::level::trace);
    previous_log_ = spdlog::default_logger();
    spdlog::set_default_logger(std::move(log));
  }
  void TearDown() override {
    if (previous_log_ != nullptr) spdlog::set_default_logger(previous_log_);
  }

  // What is searched for from now on: the labelled values of `sentences`.
  void SearchFor(const std::vector<redaction::Sentence>& sentences) {
    search_ = std::make_unique<ValueSearch>(sentences);
  }

  // Of the database, its log, the archive and what else is there; packed files unpacked too.
  void SearchFiles(const std::string& directory, const std::string& when) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
      if (!entry.is_regular_file()) continue;
      const std::string content = Content(entry.path());
      const std::string where = entry.path().filename().string() + ", " + when;
      Search(content, where);
      if (content.substr(0, 4) != "\x28\xB5\x2F\xFD") continue;
      const std::string unpacked = Unpacked(content);
      EXPECT_GT(unpacked.size(), content.size()) << where;
      Search(unpacked, "unpacked " + where);
    }
  }

  // What callers are shown, out of whatever form it is stored in.
  void SearchAnswers(const std::string& when) {
    const std::string all = List({});
    EXPECT_GT(all.size(), least_answer_bytes_) << when;
    Search(all, "ListInteractions, " + when);
    Search(Feed(0), "ReadFeed, " + when);
  }

  void Search(const std::string& bytes, const std::string& where) {
    searched_ += bytes.size();
    search_->Find(bytes, where);
  }

  // All that `records` of them leave from now on until the service ends: their database as it was
  // written, compressed, archived, a backup of it, what callers are shown, and the log.
  void SearchWhatIsLeftOf(int64_t records) {
    SearchFiles(dir_.path(), "as it was written");
    SearchAnswers("as it was written");
    EXPECT_GT(Age(absl::Hours(25)).compressed, records / 2);
    SearchFiles(dir_.path(), "compressed");
    SearchAnswers("compressed");
    EXPECT_EQ(Age(absl::Hours(24 * 11)).archived, records);
    SearchFiles(dir_.path(), "archived");
    SearchAnswers("archived");

    const auto backup =
        store_tools::MakeBackup({dir_.path(), other_.path() + "/backups", "test"}, clock_, nullptr);
    ASSERT_OK(backup);
    SearchFiles(backup->path, "in the backup");
    server_->Stop(absl::Seconds(5));
    server_.reset();
    SearchFiles(dir_.path(), "after the end");
    spdlog::default_logger()->flush();
    EXPECT_GT(std::filesystem::file_size(other_.path() + "/log"), 0u);
    SearchFiles(other_.path(), "what was said");
  }

  // How many different values of these types stand in anything that was searched.
  int FoundOf(const std::set<redaction::DataType>& types) const {
    int found = 0;
    for (const auto& [type, count] : search_->Found()) found += types.count(type) > 0 ? count : 0;
    return found;
  }

  testing::TempDir other_;
  std::unique_ptr<ValueSearch> search_;
  std::shared_ptr<spdlog::logger> previous_log_;
  size_t searched_ = 0;
  // Of the smallest list that all records are.
  size_t least_answer_bytes_ = 1'000'000;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_SEARCHED_SERVICE_H_
