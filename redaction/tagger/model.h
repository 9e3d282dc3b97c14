// Model of the tagger: weights of one byte and a lexicon, in one block of bytes.
#ifndef FLYWHEEL_REDACTION_TAGGER_MODEL_H_
#define FLYWHEEL_REDACTION_TAGGER_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "redaction/tagger/thresholds.h"
#include "redaction/tagger/word.h"

namespace flywheel::redaction {

// Tag 0 is "outside"; 2t + 1 begins a span of type t, and 2t + 2 goes on with it.
inline constexpr size_t kTags = 1 + 2 * kTaggedTypes.size();
// A row of weights, one for each tag: padded, so that a row is one load.
inline constexpr size_t kLanes = 16;

// How the file begins. All that follows is in the byte order of the machine (little endian):
// weights, lexicon, ordinary words.
struct ModelHeader {
  std::array<char, 8> magic{};
  uint32_t row_bits = 0;       // 2^row_bits rows of kLanes weights.
  uint32_t lexicon_bits = 0;   // 2^lexicon_bits slots of four bytes: 16 of hash, 16 of Lexicon.
  uint32_t ordinary_bits = 0;  // A Bloom filter of 2^ordinary_bits bits.
  float scale = 0;             // A weight's unit, in logits.
  std::array<std::array<float, kTags>, kTags> transitions{};  // [from][to], in logits.
  std::array<float, kTags> first{};                           // Of the first word of a window.
  // A span's confidence is 1 / (1 + exp(-(slope * logit + offset))).
  std::array<float, kTaggedTypes.size()> slope{};
  std::array<float, kTaggedTypes.size()> offset{};
};
inline constexpr std::array<char, 8> kModelMagic = {'F', 'W', 'T', 'A', 'G', '0', '0', '1'};

// The probes of the Bloom filter, as bits of a word's hash.
inline constexpr int kOrdinaryProbes = 3;

// Reads a block of bytes, which must outlive it. Immutable, so thread-safe.
class TaggerModel {
 public:
  // Nothing where the bytes are no model, or cut.
  static std::optional<TaggerModel> Read(std::string_view bytes);
  // The one that is compiled in.
  static const TaggerModel& Builtin();

  // The weights of a feature.
  const int8_t* Row(uint64_t feature) const {
    return weights_ + (feature & ((uint64_t{1} << header_.row_bits) - 1)) * kLanes;
  }
  // The Lexicon bits of a word.
  uint32_t LexiconOf(uint64_t lower_hash) const {
    return EntryOf(lower_hash) | OrdinaryOf(lower_hash);
  }
  // The same in two parts: what the lexicon holds, and kOrdinary or 0.
  uint32_t EntryOf(uint64_t lower_hash) const;
  uint32_t OrdinaryOf(uint64_t lower_hash) const;

  const ModelHeader& header() const { return header_; }

 private:
  ModelHeader header_;
  const int8_t* weights_ = nullptr;
  const char* lexicon_ = nullptr;
  const uint8_t* ordinary_ = nullptr;
};

// The place of a hash in the lexicon, and what is kept to know it again.
inline constexpr uint64_t LexiconSlot(uint64_t hash, uint32_t bits) {
  return (hash >> 20) & ((uint64_t{1} << bits) - 1);
}
inline constexpr uint16_t LexiconPrint(uint64_t hash) {
  return static_cast<uint16_t>((hash & 0xFFFF) | 1);  // 0 is an empty slot.
}
inline constexpr uint64_t OrdinaryBit(uint64_t hash, int probe, uint32_t bits) {
  return ((hash * (2 * static_cast<uint64_t>(probe) + 0x9e3779b97f4a7c15)) >> 24) &
         ((uint64_t{1} << bits) - 1);
}

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_MODEL_H_
