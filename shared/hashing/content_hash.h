// Content hash: an unambiguous SHA-256 over a list of values.
#ifndef FLYWHEEL_SHARED_HASHING_CONTENT_HASH_H_
#define FLYWHEEL_SHARED_HASHING_CONTENT_HASH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// OpenSSL's.
struct evp_md_ctx_st;

namespace flywheel {

// Collects the values of a request or a record and hashes them: what tells a replay from a
// conflict, and what seals a bar or a dataset. Every value carries its length, so that no two
// different lists of values have the same bytes. The hashes are stored: the encoding never changes.
// Holds at most some 64 KiB and the longest value, however much is added. Not thread-safe.
//
//   const std::string request_hash = ContentHash().Add(agent).Add(eval_share).Bytes();
class ContentHash {
 public:
  ContentHash& Add(std::string_view text);
  ContentHash& Add(const std::string& text) { return Add(std::string_view(text)); }
  ContentHash& Add(const char* text) { return Add(std::string_view(text)); }
  ContentHash& Add(int64_t value);
  // As the shortest decimal text that reads back as the same value; -0 counts as 0.
  ContentHash& Add(double value);

  // SHA-256 of what was added, as 32 bytes.
  std::string Bytes() const;
  // The same as 64 lower-case hexadecimal digits.
  std::string Hex() const;

 private:
  struct FreeDigest {
    void operator()(evp_md_ctx_st* digest) const;
  };

  void HashEncoded();

  // What was added and is not in the digest yet.
  std::string encoded_;
  // Null for a list of values that is short.
  std::unique_ptr<evp_md_ctx_st, FreeDigest> digest_;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_HASHING_CONTENT_HASH_H_
