// Tokens of an address, and what a token or several of them can be: a unit, a postcode, a country.
#ifndef FLYWHEEL_REDACTION_ADDRESS_TOKENS_H_
#define FLYWHEEL_REDACTION_ADDRESS_TOKENS_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

// What stands before a token. A line is one or two ends of lines, also as "\n" is written in JSON.
enum class Gap { kNone, kBlank, kComma, kLine, kOther };

struct AddressToken {
  std::string_view text;
  size_t begin = 0;  // In the text that was cut.
  Gap gap = Gap::kNone;
  bool point = false;  // "Apt.", "St.", or the end of a sentence.

  // With the point.
  size_t end() const { return begin + text.size() + (point ? 1 : 0); }
};

// The tokens of bytes [begin, end) of a text, 48 or `most` at most. Constant in the size of the
// text.
class AddressTokens {
 public:
  static constexpr size_t kMax = 48;

  AddressTokens(std::string_view text, size_t begin, size_t end, size_t most = kMax);

  size_t size() const { return size_; }
  const AddressToken& operator[](size_t i) const { return tokens_[i]; }
  // What stands between the last token and the end.
  Gap last_gap() const { return last_gap_; }

  // How many tokens from `i` on are such a part; 0 for none.
  size_t Unit(size_t i) const;      // "Apt. 4B", "#12", "3rd Floor"
  size_t Box(size_t i) const;       // "PO Box 123"
  size_t Region(size_t i) const;    // "TX", "New South Wales"
  size_t Country(size_t i) const;   // "United States"
  size_t Postcode(size_t i) const;  // "75534", "K1A 0B1", "1234 AB"
  size_t Town(size_t i) const;      // "Lake Joyceview", "Frankfurt am Main"
  // The same of the tokens that end before `end`. A street has a house number and a name in
  // capitals, in either order.
  size_t UnitBefore(size_t end) const;
  size_t RegionBefore(size_t end) const;
  size_t TownBefore(size_t end) const;
  size_t StreetBefore(size_t end) const;
  bool EndsWithRegion() const { return RegionBefore(size_) > 0; }
  size_t CareOfBefore(size_t end) const;

  // "5521", "12B", "221-3", "12/4"
  bool IsHouse(size_t i) const;
  // A word with a capital that can be a part of the name of a street or town.
  bool IsName(size_t i) const;
  // What a number behind it counts or names: "Section 12", "order 12".
  bool IsNumbered(size_t i) const;

 private:
  bool IsParticle(size_t i) const;
  bool JoinsBefore(size_t i) const { return tokens_[i].gap == Gap::kBlank; }

  std::array<AddressToken, kMax> tokens_;
  size_t size_ = 0;
  Gap last_gap_ = Gap::kNone;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_TOKENS_H_
