#include "store_tools/file_copy.h"

#include <fcntl.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>
#include <vector>

#include "shared/files/files.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::store_tools {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

// Reads to the end, and hands every piece to `use`.
template <typename Use>
absl::StatusOr<FileDigest> ReadThrough(const File& file, const Use& use) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  if (hash == nullptr || EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1) {
    return errors::Internal("SHA-256 is not there");
  }
  FileDigest digest;
  std::vector<char> chunk(kChunkBytes);
  while (true) {
    ASSIGN_OR_RETURN(const size_t size, file.Read(chunk.data(), chunk.size()));
    if (size == 0) break;
    EVP_DigestUpdate(hash.get(), chunk.data(), size);
    digest.size_bytes += static_cast<int64_t>(size);
    RETURN_IF_ERROR(use(std::string_view(chunk.data(), size), digest.size_bytes));
  }
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(hash.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
  digest.sha256 = ToHex(std::string_view(bytes).substr(0, size));
  return digest;
}

}  // namespace

absl::StatusOr<FileDigest> DigestFile(const std::string& path) {
  ASSIGN_OR_RETURN(const File file, File::Open(path, O_RDONLY));
  return ReadThrough(file, [](std::string_view, int64_t) { return absl::OkStatus(); });
}

absl::StatusOr<FileDigest> CopyFile(const std::string& source, const std::string& target,
                                    const sql::ProgressFunction& progress) {
  ASSIGN_OR_RETURN(const File from, File::Open(source, O_RDONLY));
  ASSIGN_OR_RETURN(const File to, File::Open(target, O_WRONLY | O_CREAT | O_EXCL));
  const int64_t total = from.size_bytes();
  ASSIGN_OR_RETURN(FileDigest digest,
                   ReadThrough(from, [&](std::string_view bytes, int64_t done) -> absl::Status {
                     RETURN_IF_ERROR(to.Write(bytes));
                     if (progress) progress(done, total);
                     return absl::OkStatus();
                   }));
  RETURN_IF_ERROR(to.Sync());
  return digest;
}

}  // namespace flywheel::store_tools
