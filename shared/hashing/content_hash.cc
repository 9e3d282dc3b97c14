#include "shared/hashing/content_hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cstddef>

#include "shared/hashing/sha256.h"

namespace flywheel {
namespace {

// A suite of 100,000 cases is hashed as it is read, and not copied first.
constexpr size_t kMostEncodedBytes = size_t{64} * 1024;
constexpr size_t kHashBytes = 32;

}  // namespace

void ContentHash::FreeDigest::operator()(evp_md_ctx_st* digest) const { EVP_MD_CTX_free(digest); }

ContentHash& ContentHash::Add(std::string_view text) {
  encoded_ += std::to_string(text.size());
  encoded_ += ':';
  encoded_ += text;
  if (encoded_.size() > kMostEncodedBytes) HashEncoded();
  return *this;
}

ContentHash& ContentHash::Add(int64_t value) { return Add(std::to_string(value)); }

// Adding zero makes one of the two zeros.
ContentHash& ContentHash::Add(double value) { return Add(fmt::format("{}", value + 0.0)); }

void ContentHash::HashEncoded() {
  if (digest_ == nullptr) {
    digest_.reset(EVP_MD_CTX_new());
    EVP_DigestInit_ex(digest_.get(), EVP_sha256(), /*impl=*/nullptr);
  }
  EVP_DigestUpdate(digest_.get(), encoded_.data(), encoded_.size());
  encoded_.clear();
}

std::string ContentHash::Bytes() const {
  if (digest_ == nullptr) return Sha256(encoded_);
  // Of a copy: more may be added.
  const std::unique_ptr<evp_md_ctx_st, FreeDigest> whole(EVP_MD_CTX_new());
  std::string bytes(kHashBytes, '\0');
  EVP_MD_CTX_copy_ex(whole.get(), digest_.get());
  EVP_DigestUpdate(whole.get(), encoded_.data(), encoded_.size());
  EVP_DigestFinal_ex(whole.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                     /*size=*/nullptr);
  return bytes;
}

std::string ContentHash::Hex() const { return ToHex(Bytes()); }

}  // namespace flywheel
