// Compresses bodies as clients do (gzip, zlib).
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_DEFLATE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_DEFLATE_H_

#include <zlib.h>

#include <string>

namespace flywheel::ingest {

inline std::string Deflate(const std::string& text, int window_bits) {
  z_stream stream = {};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string compressed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

// "gzip" and "deflate" of HTTP's Content-Encoding.
inline std::string Gzip(const std::string& text) { return Deflate(text, 15 + 16); }
inline std::string Zlib(const std::string& text) { return Deflate(text, 15); }

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_HTTP_DEFLATE_H_
