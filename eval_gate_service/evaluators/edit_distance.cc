#include "eval_gate_service/evaluators/edit_distance.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/unicode_text.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kBits = 64;
constexpr size_t kAscii = 128;

// Where each character stands in a pattern: a row of blocks, a bit a place. Only what stands there
// often has a row that stays: with one for each of 50,000 different characters a pattern of 64 KiB
// would take gigabytes.
template <typename Char>
class PatternBits {
 public:
  explicit PatternBits(std::basic_string_view<Char> pattern)
      : blocks_((pattern.size() + kBits - 1) / kBits), rows_(blocks_, 0), places_(pattern.size()) {
    // Step 1: the places of each character, one character after the other.
    for (const Char c : pattern) ++Of(c).count;
    uint32_t begin = 0;
    for (size_t i = 0; i < pattern.size(); ++i) {
      Entry& entry = Of(pattern[i]);
      if (entry.begin == kNowhere) {
        entry.begin = begin;
        begin += entry.count;
        entry.count = 0;
      }
      places_[entry.begin + entry.count++] = static_cast<uint32_t>(i);
    }
    // Step 2: rows that stay, of a long pattern at most 256.
    for (const Char c : pattern) {
      Entry& entry = Of(c);
      if (entry.row != 0 || (blocks_ > kFewBlocks && entry.count < blocks_ / 4)) continue;
      entry.row = static_cast<uint32_t>(rows_.size() / blocks_);
      rows_.resize(rows_.size() + blocks_, 0);
      Set(entry, rows_.data() + entry.row * blocks_);
    }
    scratch_.resize(blocks_, 0);
  }

  size_t blocks() const { return blocks_; }

  // Row 0, all zero, for what the pattern does not have. Valid until the next call.
  const uint64_t* Row(char32_t character) {
    const Entry* entry = nullptr;
    if (character < ascii_.size()) {
      entry = &ascii_[character];
    } else if (const auto found = others_.find(character); found != others_.end()) {
      entry = &found->second;
    }
    if (entry == nullptr || entry->row != 0 || entry->count == 0) {
      return rows_.data() + (entry == nullptr ? 0 : entry->row * blocks_);
    }
    if (entry != in_scratch_) {
      if (in_scratch_ != nullptr) Clear(*in_scratch_);
      Set(*entry, scratch_.data());
      in_scratch_ = entry;
    }
    return scratch_.data();
  }

 private:
  static constexpr uint32_t kNowhere = ~uint32_t{0};
  // Below, every character has a row: a megabyte at most.
  static constexpr size_t kFewBlocks = 16;

  struct Entry {
    uint32_t begin = kNowhere;
    uint32_t count = 0;
    // 0: none that stays.
    uint32_t row = 0;
  };

  Entry& Of(Char c) {
    const auto character = static_cast<char32_t>(c);
    return character < ascii_.size() ? ascii_[character] : others_[character];
  }

  void Set(const Entry& entry, uint64_t* row) const {
    for (uint32_t i = 0; i < entry.count; ++i) {
      const uint32_t place = places_[entry.begin + i];
      row[place / kBits] |= uint64_t{1} << (place % kBits);
    }
  }

  void Clear(const Entry& entry) {
    for (uint32_t i = 0; i < entry.count; ++i) scratch_[places_[entry.begin + i] / kBits] = 0;
  }

  const size_t blocks_;
  std::vector<uint64_t> rows_;
  std::vector<uint32_t> places_;
  std::array<Entry, kAscii> ascii_{};
  absl::flat_hash_map<char32_t, Entry> others_;
  // The row of what was asked for last and has none that stays.
  std::vector<uint64_t> scratch_;
  const Entry* in_scratch_ = nullptr;
};

// One block of one column: 64 vertical differences, +1 and -1.
struct Vertical {
  uint64_t plus = ~uint64_t{0};
  uint64_t minus = 0;
};

// The distance of `a` and a pattern of `length` characters, column by column. `row_of` says where a
// character stands in the pattern; `blocks` is a number, or a type that is one, for which the
// compiler unrolls the loop over the blocks.
template <typename Char, typename Blocks, typename RowOf>
size_t Sweep(std::basic_string_view<Char> a, size_t length, Blocks blocks, Vertical* column,
             RowOf row_of) {
  const uint64_t last_row = uint64_t{1} << ((length - 1) % kBits);
  size_t distance = length;
  for (const Char character : a) {
    const uint64_t* equal_row = row_of(character);
    // The top row of the table grows by 1 a column.
    uint64_t plus_in = 1;
    uint64_t minus_in = 0;
    uint64_t plus = 0;
    uint64_t minus = 0;
    for (size_t block = 0; block < blocks; ++block) {
      Vertical& v = column[block];
      const uint64_t equal = equal_row[block];
      const uint64_t vertical_zero = equal | v.minus;
      const uint64_t in = equal | minus_in;
      const uint64_t diagonal_zero = (((in & v.plus) + v.plus) ^ v.plus) | in;
      plus = v.minus | ~(diagonal_zero | v.plus);
      minus = v.plus & diagonal_zero;
      const uint64_t plus_shifted = (plus << 1) | plus_in;
      const uint64_t minus_shifted = (minus << 1) | minus_in;
      plus_in = plus >> (kBits - 1);
      minus_in = minus >> (kBits - 1);
      v.plus = minus_shifted | ~(vertical_zero | plus_shifted);
      v.minus = plus_shifted & vertical_zero;
    }
    // No branches, which nobody could predict.
    distance += (plus & last_row) != 0 ? 1 : 0;
    distance -= (minus & last_row) != 0 ? 1 : 0;
  }
  return distance;
}

// `b` is not empty, and `a` not shorter.
template <typename Char>
size_t Distance(std::basic_string_view<Char> a, std::basic_string_view<Char> b) {
  PatternBits<Char> bits(b);
  std::vector<Vertical> column(bits.blocks());
  return Sweep(a, b.size(), bits.blocks(), column.data(),
               [&](Char c) { return bits.Row(static_cast<char32_t>(c)); });
}

// The same for ASCII and a pattern of exactly so many blocks, on the stack.
template <size_t kBlocks>
size_t ShortDistance(std::string_view a, std::string_view b) {
  std::array<std::array<uint64_t, kBlocks>, kAscii> rows{};
  for (size_t i = 0; i < b.size(); ++i) {
    rows[static_cast<unsigned char>(b[i])][i / kBits] |= uint64_t{1} << (i % kBits);
  }
  std::array<Vertical, kBlocks> column;
  return Sweep(a, b.size(), std::integral_constant<size_t, kBlocks>(), column.data(),
               [&](char c) { return rows[static_cast<unsigned char>(c)].data(); });
}

size_t NonEmptyDistance(std::string_view a, std::string_view b) {
  if (!IsAscii(a) || !IsAscii(b)) return Distance(a, b);
  switch ((b.size() + kBits - 1) / kBits) {
    case 1:
      return ShortDistance<1>(a, b);
    case 2:
      return ShortDistance<2>(a, b);
    case 3:
      return ShortDistance<3>(a, b);
    default:
      return Distance(a, b);
  }
}

size_t NonEmptyDistance(std::u32string_view a, std::u32string_view b) { return Distance(a, b); }

// What both begin and end with costs nothing.
template <typename Char>
size_t DistanceOfAny(std::basic_string_view<Char> a, std::basic_string_view<Char> b) {
  if (a.size() < b.size()) std::swap(a, b);
  const auto front = std::mismatch(b.begin(), b.end(), a.begin()).first - b.begin();
  a.remove_prefix(static_cast<size_t>(front));
  b.remove_prefix(static_cast<size_t>(front));
  const auto back = std::mismatch(b.rbegin(), b.rend(), a.rbegin()).first - b.rbegin();
  a.remove_suffix(static_cast<size_t>(back));
  b.remove_suffix(static_cast<size_t>(back));
  return b.empty() ? a.size() : NonEmptyDistance(a, b);
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) { return DistanceOfAny(a, b); }

size_t EditDistance(std::u32string_view a, std::u32string_view b) { return DistanceOfAny(a, b); }

size_t CommonSubsequence(std::u32string_view a, std::u32string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (b.empty()) return 0;
  PatternBits<char32_t> bits(b);
  // A zero is a place of `b` where the common sequence has grown.
  std::vector<uint64_t> open(bits.blocks(), ~uint64_t{0});
  for (const char32_t character : a) {
    const uint64_t* equal_row = bits.Row(character);
    uint64_t carry = 0;
    for (size_t block = 0; block < open.size(); ++block) {
      const uint64_t used = open[block] & equal_row[block];
      const uint64_t without_carry = open[block] + used;
      const uint64_t sum = without_carry + carry;
      carry = (without_carry < used || sum < carry) ? 1 : 0;
      open[block] = sum | (open[block] & ~equal_row[block]);
    }
  }
  size_t length = 0;
  for (size_t block = 0; block < open.size(); ++block) {
    const size_t rows = std::min(kBits, b.size() - block * kBits);
    const uint64_t mask = rows == kBits ? ~uint64_t{0} : (uint64_t{1} << rows) - 1;
    length += static_cast<size_t>(std::popcount(~open[block] & mask));
  }
  return length;
}

}  // namespace flywheel::evalgate::evaluators
