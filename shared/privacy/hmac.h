// A keyed hash whose key is prepared once.
#ifndef FLYWHEEL_SHARED_PRIVACY_HMAC_H_
#define FLYWHEEL_SHARED_PRIVACY_HMAC_H_

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace flywheel {

// HMAC-SHA-256 (RFC 2104) under one key. Immutable, so thread-safe, and cheap to copy. Each message
// goes on from the two states of SHA-256 that the key leads to: OpenSSL's own HMAC looks its
// algorithms up and prepares the key for every message, which costs more than hashing a short one.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);

  // 32 bytes.
  std::string Mac(std::string_view message) const;

 private:
  using State = std::shared_ptr<evp_md_ctx_st>;

  State inner_;
  State outer_;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_HMAC_H_
