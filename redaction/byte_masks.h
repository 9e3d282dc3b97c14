// Classifies 64 bytes at a time (SIMD) into bit masks: bit i tells of byte i.
#ifndef FLYWHEEL_REDACTION_BYTE_MASKS_H_
#define FLYWHEEL_REDACTION_BYTE_MASKS_H_

#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace flywheel::redaction {

struct ByteMasks {
  uint64_t letters = 0;  // Of ASCII.
  uint64_t upper = 0;
  uint64_t digits = 0;
  uint64_t ats = 0;     // '@'
  uint64_t colons = 0;  // ':'
};

// The same, byte by byte: for machines without SSE2, and what the fast one is tested against.
inline ByteMasks ClassifyBytesPortably(const char* bytes) {
  ByteMasks masks;
  for (int i = 0; i < 64; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    masks.letters |= uint64_t{static_cast<unsigned char>((c | 0x20) - 'a') < 26} << i;
    masks.upper |= uint64_t{static_cast<unsigned char>(c - 'A') < 26} << i;
    masks.digits |= uint64_t{static_cast<unsigned char>(c - '0') < 10} << i;
    masks.ats |= uint64_t{c == '@'} << i;
    masks.colons |= uint64_t{c == ':'} << i;
  }
  return masks;
}

#ifdef __SSE2__

// Classifies the 64 bytes at `bytes`, 16 at a time. SSE2 is a part of every x86-64.
inline ByteMasks ClassifyBytes(const char* bytes) {
  const auto bits = [](__m128i matches, int i) {
    return uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(matches))} << i;
  };
  // Bytes of first..first+count-1: there is no unsigned comparison, but the smaller of the two
  // tells.
  const auto in_range = [](__m128i chunk, char first, char count) {
    const __m128i distance = _mm_sub_epi8(chunk, _mm_set1_epi8(first));
    const __m128i most = _mm_set1_epi8(static_cast<char>(count - 1));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, most), distance);
  };
  ByteMasks masks;
  for (int i = 0; i < 64; i += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    const __m128i folded = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
    masks.letters |= bits(in_range(folded, 'a', 26), i);
    masks.upper |= bits(in_range(chunk, 'A', 26), i);
    masks.digits |= bits(in_range(chunk, '0', 10), i);
    masks.ats |= bits(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('@')), i);
    masks.colons |= bits(_mm_cmpeq_epi8(chunk, _mm_set1_epi8(':')), i);
  }
  return masks;
}

#else

inline ByteMasks ClassifyBytes(const char* bytes) { return ClassifyBytesPortably(bytes); }

#endif

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_BYTE_MASKS_H_
