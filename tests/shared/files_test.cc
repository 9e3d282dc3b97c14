// Files and directories, as they are found afterwards.
#include "shared/files/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class FilesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return dir_.path() + "/" + name; }
  static fs::perms ModeOf(const std::string& path) { return fs::status(path).permissions(); }

  testing::TempDir dir_;
};

TEST_F(FilesTest, AreReadAsTheyWereWrittenWhateverTheirSize) {
  for (const size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 300'000u}) {
    std::string content(size, '\0');
    for (size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31);
    const std::string path = Path("file-" + std::to_string(size));
    ASSERT_OK(WriteNewFile(path, content));
    EXPECT_EQ(ModeOf(path), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(*ReadFile(path), content) << size;
  }
  EXPECT_THAT(ReadFile(Path("nowhere")), HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT(ReadFile(dir_.path()), HasReason(Reason::kStorageUnavailable)) << "a directory";
}

TEST_F(FilesTest, AreNeverWrittenOver) {
  ASSERT_OK(WriteNewFile(Path("key"), "the first"));
  EXPECT_THAT(WriteNewFile(Path("key"), "the second"), HasReason(Reason::kStorageUnavailable));
  EXPECT_EQ(*ReadFile(Path("key")), "the first");
}

TEST_F(FilesTest, AreReadFromAnyPlaceUpToTheirEnd) {
  ASSERT_OK(WriteNewFile(Path("digits"), "0123456789"));
  const auto file = File::Open(Path("digits"), O_RDONLY);
  ASSERT_OK(file);
  EXPECT_EQ(file->size_bytes(), 10);
  char bytes[8] = {};
  EXPECT_EQ(*file->ReadAt(4, bytes, 3), 3u);
  EXPECT_EQ(std::string(bytes, 3), "456");
  EXPECT_EQ(*file->ReadAt(8, bytes, 8), 2u);
  EXPECT_EQ(*file->ReadAt(10, bytes, 8), 0u);
  EXPECT_EQ(*file->Read(bytes, 8), 8u);
  EXPECT_EQ(std::string(bytes, 8), "01234567") << "ReadAt moves nothing";
}

TEST_F(FilesTest, AreOnAFullDiskAnErrorThatSaysSo) {
  const auto full = File::Open("/dev/full", O_WRONLY);
  ASSERT_OK(full);
  EXPECT_THAT(full->Write("a byte"), HasReason(Reason::kStorageFull));
}

TEST_F(FilesTest, AreRenamedWithTheirDirectories) {
  ASSERT_OK(MakeDirectory(Path("new/inner")));
  EXPECT_EQ(ModeOf(Path("new/inner")), fs::perms::owner_all);
  ASSERT_OK(WriteNewFile(Path("new/inner/file"), "content"));
  ASSERT_OK(RenameDurably(Path("new"), Path("final")));
  EXPECT_EQ(*ReadFile(Path("final/inner/file")), "content");
  EXPECT_FALSE(fs::exists(Path("new")));
  EXPECT_THAT(RenameDurably(Path("new"), Path("other")), HasReason(Reason::kStorageUnavailable));
}

TEST_F(FilesTest, NeedADirectoryThatCanBeWrittenAndIsLeftAsItIs) {
  ASSERT_OK(MakeWritableDirectory("--to", Path("a/b/")));
  EXPECT_EQ(ModeOf(Path("a/b")), fs::perms::owner_all);
  fs::permissions(Path("a/b"), fs::perms::owner_all | fs::perms::group_all);
  ASSERT_OK(MakeWritableDirectory("--to", Path("a/b")));
  EXPECT_EQ(ModeOf(Path("a/b")), fs::perms::owner_all | fs::perms::group_all);
  ASSERT_OK(WriteNewFile(Path("file"), ""));
  for (const std::string& wrong : {Path("file"), Path("file/directory"), std::string()}) {
    const absl::Status refused = MakeWritableDirectory("--to", wrong);
    EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration)) << wrong;
    EXPECT_THAT(errors::MessageOf(refused), HasSubstr("--to: got '" + wrong + "'"));
  }
}

}  // namespace
}  // namespace flywheel
