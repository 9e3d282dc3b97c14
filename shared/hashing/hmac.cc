#include "shared/hashing/hmac.h"

#include <openssl/evp.h>

#include <array>

#include "shared/hashing/sha256.h"

namespace flywheel {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kDigestBytes = 32;

std::shared_ptr<EVP_MD_CTX> NewContext() { return {EVP_MD_CTX_new(), EVP_MD_CTX_free}; }

// SHA-256 after one block: the key with every byte changed by `mask`.
std::shared_ptr<EVP_MD_CTX> StateAfterKey(std::string_view key, char mask) {
  std::array<char, kBlockBytes> block{};
  const std::string hashed = key.size() > kBlockBytes ? Sha256(key) : std::string(key);
  hashed.copy(block.data(), kBlockBytes);
  for (char& c : block) c = static_cast<char>(c ^ mask);
  std::shared_ptr<EVP_MD_CTX> state = NewContext();
  EVP_DigestInit_ex(state.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(state.get(), block.data(), block.size());
  return state;
}

void Finish(EVP_MD_CTX* context, const EVP_MD_CTX& state, std::string_view message,
            std::string& digest) {
  EVP_MD_CTX_copy_ex(context, &state);
  EVP_DigestUpdate(context, message.data(), message.size());
  EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
}

}  // namespace

HmacSha256::HmacSha256(std::string_view key)
    : inner_(StateAfterKey(key, 0x36)), outer_(StateAfterKey(key, 0x5c)) {}

std::string HmacSha256::Mac(std::string_view message) const {
  // One a thread: making a context costs as much as hashing a kilobyte.
  static thread_local const std::shared_ptr<EVP_MD_CTX> context = NewContext();
  std::string digest(kDigestBytes, '\0');
  Finish(context.get(), *inner_, message, digest);
  Finish(context.get(), *outer_, digest, digest);
  return digest;
}

}  // namespace flywheel
