#include "curation_service/domain/parquet_writer.h"

#include <zstd.h>

#include <bit>
#include <cstring>

#include "curation_service/domain/thrift_compact.h"
#include "shared/status/check.h"
#include "shared/status/status_macros.h"
#include "shared/text/characters.h"

namespace flywheel::curation {
namespace {

constexpr char kMagic[] = "PAR1";
constexpr size_t kPageBytes = 1 << 20;
constexpr int64_t kRowGroupBytes = 64 << 20;
constexpr int kCompressionLevel = 3;

// Numbers of parquet.thrift.
constexpr int32_t kTypeDouble = 5;
constexpr int32_t kTypeByteArray = 6;
constexpr int32_t kRequired = 0;
constexpr int32_t kConvertedUtf8 = 0;
constexpr int32_t kConvertedJson = 19;
constexpr int32_t kPlain = 0;
constexpr int32_t kRle = 3;
constexpr int32_t kZstd = 6;
constexpr int32_t kDataPage = 0;
constexpr int32_t kVersion = 1;

static_assert(std::endian::native == std::endian::little, "numbers are copied as they stand");

template <typename T>
void AppendNumber(T value, std::string& bytes) {
  char raw[sizeof(value)];
  std::memcpy(raw, &value, sizeof(value));
  bytes.append(raw, sizeof(value));
}

int32_t TypeOf(ParquetType type) {
  return type == ParquetType::kDouble ? kTypeDouble : kTypeByteArray;
}

std::string Compressed(const std::string& bytes) {
  std::string compressed(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compress(compressed.data(), compressed.size(), bytes.data(),
                                    bytes.size(), kCompressionLevel);
  FLYWHEEL_CHECK(ZSTD_isError(size) == 0, "memory for a page of Parquet");
  compressed.resize(size);
  return compressed;
}

// Readers refuse a file for one byte that is none.
std::string Utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string valid;
  valid.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    valid += character.code < 0 ? kReplacement : text.substr(i, character.size_bytes);
    i += character.size_bytes;
  }
  return valid;
}

int64_t BytesOf(std::span<const ParquetValue> values) {
  int64_t bytes = 0;
  for (const ParquetValue& value : values) {
    const auto* text = std::get_if<std::string_view>(&value);
    bytes += text == nullptr ? int64_t{sizeof(double)}
                             : static_cast<int64_t>(sizeof(uint32_t) + text->size());
  }
  return bytes;
}

std::string SchemaElement(const ParquetColumn& column) {
  ThriftStruct element;
  element.Int32(1, TypeOf(column.type)).Int32(3, kRequired).Text(4, column.name);
  if (column.type == ParquetType::kText) element.Int32(6, kConvertedUtf8);
  if (column.type == ParquetType::kJson) element.Int32(6, kConvertedJson);
  return element.Bytes();
}

}  // namespace

ParquetWriter::ParquetWriter(std::vector<ParquetColumn> columns,
                             std::vector<std::pair<std::string, std::string>> metadata, Sink sink)
    : columns_(std::move(columns)),
      metadata_(std::move(metadata)),
      sink_(std::move(sink)),
      chunks_(columns_.size()) {}

absl::Status ParquetWriter::Write(std::string_view bytes) {
  if (offset_ == 0) {
    offset_ = sizeof(kMagic) - 1;
    RETURN_IF_ERROR(sink_(kMagic));
  }
  offset_ += static_cast<int64_t>(bytes.size());
  return sink_(bytes);
}

absl::Status ParquetWriter::AddRow(std::span<const ParquetValue> values) {
  FLYWHEEL_CHECK(values.size() == columns_.size(), "a value for each column");
  const int64_t row_bytes = BytesOf(values);
  if (bytes_in_group_ + row_bytes > kRowGroupBytes) RETURN_IF_ERROR(EndRowGroup());
  for (size_t i = 0; i < values.size(); ++i) {
    Chunk& chunk = chunks_[i];
    if (const auto* number = std::get_if<double>(&values[i])) {
      AppendNumber(*number, chunk.page);
    } else {
      const std::string text = Utf8(std::get<std::string_view>(values[i]));
      AppendNumber(static_cast<uint32_t>(text.size()), chunk.page);
      chunk.page += text;
    }
    ++chunk.page_values;
    if (chunk.page.size() >= kPageBytes) EndPage(chunk);
  }
  bytes_in_group_ += row_bytes;
  ++rows_in_group_;
  return absl::OkStatus();
}

void ParquetWriter::EndPage(Chunk& chunk) {
  if (chunk.page_values == 0) return;
  const std::string compressed = Compressed(chunk.page);
  const std::string header =
      ThriftStruct()
          .Int32(1, kDataPage)
          .Int32(2, static_cast<int32_t>(chunk.page.size()))
          .Int32(3, static_cast<int32_t>(compressed.size()))
          .Struct(5, ThriftStruct()
                         .Int32(1, chunk.page_values)
                         .Int32(2, kPlain)
                         .Int32(3, kRle)  // Of levels, of which required columns have none.
                         .Int32(4, kRle))
          .Bytes();
  chunk.uncompressed_bytes += static_cast<int64_t>(header.size() + chunk.page.size());
  chunk.pages.append(header).append(compressed);
  chunk.page.clear();
  chunk.page_values = 0;
}

absl::Status ParquetWriter::EndRowGroup() {
  if (rows_in_group_ == 0) return absl::OkStatus();
  RowGroup group;
  group.rows = rows_in_group_;
  for (Chunk& chunk : chunks_) {
    EndPage(chunk);
    const int64_t offset = offset_ == 0 ? sizeof(kMagic) - 1 : offset_;
    group.chunks.push_back(
        {offset, chunk.uncompressed_bytes, static_cast<int64_t>(chunk.pages.size())});
    RETURN_IF_ERROR(Write(chunk.pages));
    chunk = Chunk();
  }
  groups_.push_back(std::move(group));
  rows_in_group_ = 0;
  bytes_in_group_ = 0;
  return absl::OkStatus();
}

std::string ParquetWriter::Footer() const {
  std::string schema =
      ThriftStruct().Text(4, "row").Int32(5, static_cast<int32_t>(columns_.size())).Bytes();
  for (const ParquetColumn& column : columns_) schema += SchemaElement(column);
  int64_t rows = 0;
  std::string groups;
  for (const RowGroup& group : groups_) {
    rows += group.rows;
    std::string chunks;
    int64_t bytes = 0;
    for (size_t i = 0; i < group.chunks.size(); ++i) {
      const WrittenChunk& chunk = group.chunks[i];
      bytes += chunk.uncompressed_bytes;
      std::string encodings;
      ThriftStruct::AppendInt(kPlain, encodings);
      std::string path;
      ThriftStruct::AppendText(columns_[i].name, path);
      chunks += ThriftStruct()
                    .Int64(2, chunk.offset)
                    .Struct(3, ThriftStruct()
                                   .Int32(1, TypeOf(columns_[i].type))
                                   .List(2, ThriftStruct::Element::kInt32, 1, encodings)
                                   .List(3, ThriftStruct::Element::kBinary, 1, path)
                                   .Int32(4, kZstd)
                                   .Int64(5, group.rows)
                                   .Int64(6, chunk.uncompressed_bytes)
                                   .Int64(7, chunk.compressed_bytes)
                                   .Int64(9, chunk.offset))
                    .Bytes();
    }
    groups += ThriftStruct()
                  .List(1, ThriftStruct::Element::kStruct, group.chunks.size(), chunks)
                  .Int64(2, bytes)
                  .Int64(3, group.rows)
                  .Bytes();
  }
  std::string metadata;
  for (const auto& [key, value] : metadata_) {
    metadata += ThriftStruct().Text(1, key).Text(2, value).Bytes();
  }
  return ThriftStruct()
      .Int32(1, kVersion)
      .List(2, ThriftStruct::Element::kStruct, columns_.size() + 1, schema)
      .Int64(3, rows)
      .List(4, ThriftStruct::Element::kStruct, groups_.size(), groups)
      .List(5, ThriftStruct::Element::kStruct, metadata_.size(), metadata)
      .Text(6, "flywheel")
      .Bytes();
}

absl::Status ParquetWriter::Finish() {
  RETURN_IF_ERROR(EndRowGroup());
  std::string end = Footer();
  AppendNumber(static_cast<uint32_t>(end.size()), end);
  end += kMagic;
  return Write(end);
}

}  // namespace flywheel::curation
