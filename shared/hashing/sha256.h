// SHA-256 of bytes, and bytes as hexadecimal digits.
#ifndef FLYWHEEL_SHARED_HASHING_SHA256_H_
#define FLYWHEEL_SHARED_HASHING_SHA256_H_

#include <string>
#include <string_view>

namespace flywheel {

// SHA-256 as 32 bytes.
std::string Sha256(std::string_view data);

// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view data);

// Lower-case hexadecimal digits of bytes.
std::string ToHex(std::string_view bytes);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_HASHING_SHA256_H_
