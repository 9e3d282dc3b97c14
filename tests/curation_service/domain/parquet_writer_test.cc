#include "curation_service/domain/parquet_writer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "curation_service/domain/thrift_compact.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

// Read back by others in the integration tests; here what every reader relies on first.
std::string FileOf(int rows, size_t text_bytes) {
  std::string file;
  ParquetWriter writer({{"name", ParquetType::kText}, {"score", ParquetType::kDouble}},
                       {{"key", "value"}}, [&](std::string_view bytes) {
                         file += bytes;
                         return absl::OkStatus();
                       });
  for (int i = 0; i < rows; ++i) {
    const std::string text(text_bytes, static_cast<char>('a' + i % 26));
    const std::vector<ParquetValue> values = {text, i / 2.0};
    EXPECT_OK(writer.AddRow(values));
  }
  EXPECT_OK(writer.Finish());
  return file;
}

uint32_t FooterBytes(const std::string& file) {
  uint32_t size = 0;
  std::memcpy(&size, file.data() + file.size() - 8, sizeof(size));
  return size;
}

TEST(ParquetWriter, BeginsAndEndsAsTheFormatSays) {
  for (const int rows : {0, 1, 1'000}) {
    const std::string file = FileOf(rows, 10);
    EXPECT_EQ(file.substr(0, 4), "PAR1");
    EXPECT_EQ(file.substr(file.size() - 4), "PAR1");
    ASSERT_LE(FooterBytes(file) + 12, file.size());
    const std::string footer = file.substr(file.size() - 8 - FooterBytes(file), FooterBytes(file));
    EXPECT_NE(footer.find("score"), std::string::npos);
    EXPECT_NE(footer.find("key"), std::string::npos);
    EXPECT_EQ(footer.back(), '\0');
  }
}

TEST(ParquetWriter, GivesTheSameBytesForTheSameRows) {
  EXPECT_EQ(FileOf(1'000, 100), FileOf(1'000, 100));
}

TEST(ParquetWriter, CompressesWhatRepeats) { EXPECT_LT(FileOf(1'000, 1'000).size(), 50'000u); }

TEST(ParquetWriter, ReplacesWhatIsNoUtf8) {
  const auto file_of = [](std::string_view text) {
    std::string file;
    ParquetWriter writer({{"name", ParquetType::kText}}, {}, [&](std::string_view bytes) {
      file += bytes;
      return absl::OkStatus();
    });
    const std::vector<ParquetValue> values = {text};
    EXPECT_OK(writer.AddRow(values));
    EXPECT_OK(writer.Finish());
    return file;
  };
  EXPECT_EQ(file_of("caf\xE9!"), file_of("caf\xEF\xBF\xBD!"));
}

TEST(ParquetWriter, WritesRowGroupsOfNoMoreThan64MiB) {
  size_t written = 0;
  ParquetWriter writer({{"name", ParquetType::kText}}, {}, [&](std::string_view bytes) {
    written += bytes.size();
    return absl::OkStatus();
  });
  const std::string text(1 << 20, 'x');
  const std::vector<ParquetValue> values = {text};
  // 63 rows of 1 MiB and 4 bytes fit, and one more does not.
  for (int i = 0; i < 63; ++i) ASSERT_OK(writer.AddRow(values));
  EXPECT_EQ(written, 0u);
  ASSERT_OK(writer.AddRow(values));
  EXPECT_GT(written, 0u);
}

TEST(ParquetWriter, StopsWhereItsSinkDoes) {
  ParquetWriter writer({{"name", ParquetType::kText}}, {},
                       [](std::string_view) { return errors::Cancelled(); });
  EXPECT_EQ(writer.Finish(), errors::Cancelled());
}

TEST(ThriftCompact, IsWhatTheSpecificationSays) {
  // Field 1 of type i32 with zigzag 1 -> 2; field 4 three further on; the end.
  EXPECT_EQ(ThriftStruct().Int32(1, 1).Text(4, "ab").Bytes(), std::string("\x15\x02\x38\x02"
                                                                          "ab\0",
                                                                          7));
  EXPECT_EQ(ThriftStruct().Int64(1, -1).Bytes(), std::string("\x16\x01\0", 3));
  EXPECT_EQ(ThriftStruct().Int64(1, 300).Bytes(), std::string("\x16\xd8\x04\0", 4));
  std::string twenty;
  for (int i = 0; i < 20; ++i) ThriftStruct::AppendInt(0, twenty);
  EXPECT_EQ(ThriftStruct().List(1, ThriftStruct::Element::kInt32, 20, twenty).Bytes(),
            std::string("\x19\xf5\x14", 3) + std::string(21, '\0'));
}

}  // namespace
}  // namespace flywheel::curation
