// The compact protocol of Apache Thrift, as far as Parquet's headers need it to be written.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_THRIFT_COMPACT_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_THRIFT_COMPACT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flywheel::curation {

// A structure, field by field in rising order of their ids, after
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
class ThriftStruct {
 public:
  enum class Element { kInt32 = 5, kBinary = 8, kStruct = 12 };

  ThriftStruct& Int32(int id, int32_t value) { return Number(id, 5, value); }
  ThriftStruct& Int64(int id, int64_t value) { return Number(id, 6, value); }
  ThriftStruct& Text(int id, std::string_view value) {
    Header(id, 8);
    AppendText(value, bytes_);
    return *this;
  }
  ThriftStruct& Struct(int id, const ThriftStruct& value) {
    Header(id, 12);
    bytes_ += value.Bytes();
    return *this;
  }
  // A list of so many elements, whose bytes follow each other.
  ThriftStruct& List(int id, Element element, size_t size, std::string_view bytes) {
    Header(id, 9);
    const int type = static_cast<int>(element);
    if (size < 15) {
      bytes_ += static_cast<char>(size << 4 | static_cast<size_t>(type));
    } else {
      bytes_ += static_cast<char>(0xF0 | type);
      AppendVarint(size, bytes_);
    }
    bytes_ += bytes;
    return *this;
  }

  // The whole structure, with its end.
  std::string Bytes() const { return bytes_ + '\0'; }

  // Elements of lists.
  static void AppendText(std::string_view value, std::string& bytes) {
    AppendVarint(value.size(), bytes);
    bytes += value;
  }
  static void AppendInt(int64_t value, std::string& bytes) {
    // Zigzag: small numbers of either sign are short.
    AppendVarint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63), bytes);
  }

 private:
  static void AppendVarint(uint64_t value, std::string& bytes) {
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
  }
  void Header(int id, int type) {
    bytes_ += static_cast<char>((id - last_id_) << 4 | type);
    last_id_ = id;
  }
  ThriftStruct& Number(int id, int type, int64_t value) {
    Header(id, type);
    AppendInt(value, bytes_);
    return *this;
  }

  std::string bytes_;
  int last_id_ = 0;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_THRIFT_COMPACT_H_
