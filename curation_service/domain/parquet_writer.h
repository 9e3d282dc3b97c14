// Parquet writer: rows of texts and numbers as a file of Apache Parquet, written as they come.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_WRITER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace flywheel::curation {

enum class ParquetType {
  kText,    // BYTE_ARRAY, of UTF-8.
  kJson,    // The same; readers may know that it is JSON.
  kDouble,  // DOUBLE.
};

struct ParquetColumn {
  std::string name;
  ParquetType type = ParquetType::kText;
};

using ParquetValue = std::variant<std::string_view, double>;

// Writes a file of required columns, PLAIN pages compressed with zstd, in row groups of at most
// 64 MiB before compression (a row that is longer is one by itself), after
// https://github.com/apache/parquet-format (its thrift structures in the compact protocol). Debian
// 12 has no library for it. The same rows give the same bytes. Memory: a row group, compressed, and
// a page of each column.
class ParquetWriter {
 public:
  // Takes the bytes of the file, one piece after the other.
  using Sink = std::function<absl::Status(std::string_view bytes)>;

  // `metadata` are keys and values for people and programs, in the file's footer.
  ParquetWriter(std::vector<ParquetColumn> columns,
                std::vector<std::pair<std::string, std::string>> metadata, Sink sink);

  // One value a column, of the column's type. Bytes that are not UTF-8 become U+FFFD. Errors: those
  // of the sink.
  absl::Status AddRow(std::span<const ParquetValue> values);

  // Writes what is left, and the footer. Nothing may follow. Errors: those of the sink.
  absl::Status Finish();

 private:
  // A column of the row group that is being filled.
  struct Chunk {
    std::string page;  // Not compressed yet.
    int32_t page_values = 0;
    std::string pages;  // With their headers.
    int64_t uncompressed_bytes = 0;
  };
  // A column of a row group that was written.
  struct WrittenChunk {
    int64_t offset = 0;
    int64_t uncompressed_bytes = 0;
    int64_t compressed_bytes = 0;
  };
  struct RowGroup {
    int64_t rows = 0;
    std::vector<WrittenChunk> chunks;
  };

  absl::Status Write(std::string_view bytes);
  void EndPage(Chunk& chunk);
  absl::Status EndRowGroup();
  std::string Footer() const;

  const std::vector<ParquetColumn> columns_;
  const std::vector<std::pair<std::string, std::string>> metadata_;
  const Sink sink_;
  int64_t offset_ = 0;
  std::vector<Chunk> chunks_;
  int64_t rows_in_group_ = 0;
  int64_t bytes_in_group_ = 0;
  std::vector<RowGroup> groups_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_PARQUET_WRITER_H_
