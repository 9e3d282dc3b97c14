#include "redaction/address_block.h"

#include <algorithm>
#include <string>

#include "redaction/address_tokens.h"
#include "redaction/address_words.h"
#include "redaction/words.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kReach = 160;
constexpr int kMaxParts = 8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsWordByte(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26 || IsDigit(c) || (c & 0x80) != 0;
}

bool IsBreak(Gap gap) { return gap == Gap::kComma || gap == Gap::kLine; }

// The tokens before `end`; none that may have begun before `first` or the reach.
AddressTokens Before(std::string_view text, size_t first, size_t end) {
  size_t begin = std::max(first, end - std::min(end, kReach));
  while (begin > 0 && begin < end && IsWordByte(text[begin - 1])) ++begin;
  return {text, begin, end};
}

AddressTokens Behind(std::string_view text, size_t begin) {
  return {text, begin, std::min(text.size(), begin + kReach)};
}

// Does a sentence or a line end behind the token? Then a town may stand alone there.
bool EndsThere(const AddressTokens& tokens, size_t i) {
  return tokens[i].point || (i + 1 == tokens.size() ? tokens.last_gap() != Gap::kBlank
                                                    : tokens[i + 1].gap != Gap::kBlank);
}

// How many tokens from `i` on are the next part of an address; `town` says whether one was there.
size_t NextPart(const AddressTokens& tokens, size_t i, bool& town) {
  const Gap gap = tokens[i].gap;
  if (gap == Gap::kOther || gap == Gap::kNone) return 0;
  if (const size_t unit = tokens.Unit(i); unit > 0) return unit;
  if (const size_t box = tokens.Box(i); box > 0) return box;
  const size_t region = tokens.Region(i);
  if (region > 0) {
    const size_t postcode = tokens.Postcode(i + region);
    if (postcode > 0 && tokens[i + region].gap <= Gap::kLine) return region + postcode;
  }
  if (const size_t postcode = tokens.Postcode(i); postcode > 0) {
    const size_t behind = i + postcode;
    // "1234 AB\nUtrecht": of the Netherlands, on a line of its own.
    const bool town_below = postcode == 2 && behind < tokens.size() && gap == Gap::kLine &&
                            tokens[behind].gap == Gap::kLine && tokens[i].text.size() == 4;
    const bool town_beside = behind < tokens.size() && tokens[behind].gap == Gap::kBlank;
    const size_t its_town = town_below || town_beside ? tokens.Town(behind) : 0;
    if (its_town > 0) {
      town = true;
      return postcode + its_town;
    }
    // "Elm Road 4, 2020" may be a year.
    return town || tokens[i].text.size() > 4 || postcode > 1 ? postcode : 0;
  }
  if (!IsBreak(gap)) return 0;
  if (const size_t country = tokens.Country(i); country > 0) return country;
  const size_t its_town = tokens.Town(i);
  const size_t behind = i + its_town;
  if (its_town > 0 && behind < tokens.size() && tokens[behind].gap <= Gap::kLine &&
      !tokens[behind - 1].point) {
    const bool blank = tokens[behind].gap == Gap::kBlank;
    const size_t its_region = tokens.Region(behind);
    const bool goes_on = tokens.Postcode(behind) > 0 ||
                         (its_region > 0 && (!blank || tokens.Postcode(behind + its_region) > 0 ||
                                             IsStateCode(tokens[behind].text))) ||
                         (!blank && tokens.Country(behind) > 0);
    if (goes_on) {
      town = true;
      return its_town;
    }
  }
  if (region > 0 && (town || !IsStateCode(tokens[i].text))) return region;
  if (its_town > 0 && its_town < 4 && !town && gap == Gap::kComma &&
      EndsThere(tokens, behind - 1)) {
    town = true;
    return its_town;
  }
  return 0;
}

size_t GrowBehind(std::string_view text, size_t end) {
  // Most addresses end with a sentence, or before a word that is no part of them. Behind a blank,
  // the first six tokens say whether there is a part.
  bool unused = false;
  const AddressTokens next(text, end, std::min(text.size(), end + kReach), 6);
  if (next.size() == 0 || next[0].gap == Gap::kOther || next[0].gap == Gap::kNone) return end;
  if (next[0].gap == Gap::kBlank && NextPart(next, 0, unused) == 0) return end;
  const AddressTokens tokens = Behind(text, end);
  bool town = false;
  size_t i = 0;
  for (int part = 0; part < kMaxParts && i < tokens.size(); ++part) {
    const size_t more = NextPart(tokens, i, town);
    if (more == 0) break;
    i += more;
    const AddressToken& last = tokens[i - 1];
    end = last.begin + last.text.size();
    // " (RM)"
    if (text.substr(end, 2) == " (" && end + 4 < text.size() && IsUpper(text[end + 2]) &&
        IsUpper(text[end + 3]) && text[end + 4] == ')') {
      return end + 5;
    }
    // " / SP"
    if (text.substr(end, 3) == " / " && end + 4 < text.size() && IsUpper(text[end + 3]) &&
        IsUpper(text[end + 4])) {
      return end + 5;
    }
    if (last.point) break;
  }
  return end;
}

size_t GrowBefore(std::string_view text, size_t begin, size_t first) {
  const AddressTokens tokens = Before(text, first, begin);
  size_t n = tokens.size();
  Gap gap = tokens.last_gap();
  bool starts_with_digit = IsDigit(text[begin]);
  if (n == 0 || gap > Gap::kLine || gap == Gap::kNone) return begin;
  // A unit has three tokens at most.
  const size_t reach = std::min(text.size(), begin + kReach);
  bool unit = AddressTokens(text, begin, reach, 3).Unit(0) > 0;
  for (int part = 0; part < kMaxParts && n > 0 && gap <= Gap::kLine && gap != Gap::kNone; ++part) {
    size_t more = tokens.UnitBefore(n);
    if (more == 0 && (IsBreak(gap) || unit)) more = tokens.StreetBefore(n);
    if (more == 0 && IsBreak(gap)) more = tokens.CareOfBefore(n);
    const bool house = more == 0 && !starts_with_digit && gap <= Gap::kComma &&
                       tokens.IsHouse(n - 1) && !tokens[n - 1].point &&
                       (n == 1 || tokens[n - 1].gap != Gap::kBlank || !tokens.IsNumbered(n - 2));
    if (house) more = 1;
    if (more == 0) break;
    unit = tokens.UnitBefore(n) > 0;
    n -= more;
    gap = tokens[n].gap;
    begin = tokens[n].begin;
    starts_with_digit = IsDigit(text[begin]);
  }
  return begin;
}

// Does a comma, a line, or a word with a capital stand before `place`? All else begins no part.
bool FollowsNameOrBreak(std::string_view text, size_t place) {
  size_t end = place;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  if (end == 0) return false;
  if (!IsWordByte(text[end - 1]) && text[end - 1] != '.') return true;
  size_t begin = end;
  while (begin > 0 && end - begin < 40 &&
         (IsWordByte(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '.' ||
          text[begin - 1] == '\'')) {
    --begin;
  }
  return !(text[begin] >= 'a' && text[begin] <= 'z');
}

// Could a postcode begin here? Nearly all numbers and words have another shape.
bool MayBePostcode(std::string_view text, size_t place) {
  const auto is_digit = [&](size_t i) {
    return place + i < text.size() && IsDigit(text[place + i]);
  };
  if (!IsDigit(text[place])) {
    const bool dash = place + 2 < text.size() && (text[place + 1] == '-' || text[place + 2] == '-');
    return IsUpper(text[place]) && (is_digit(1) || is_digit(2) || dash);
  }
  // 99-999, 999 99, and longer ones.
  return is_digit(1) && (is_digit(2) || is_digit(3));
}

}  // namespace

ValueSpan AddressBlock(std::string_view text, ValueSpan known, size_t first) {
  return {GrowBefore(text, known.begin, first), GrowBehind(text, known.end)};
}

ValueSpan FindAddressAtPostcode(std::string_view text, size_t place) {
  if (place < 8 || text[place - 1] == '.' || text[place - 1] == '$') return {};
  if (!MayBePostcode(text, place) || !FollowsNameOrBreak(text, place)) return {};
  const AddressTokens behind(text, place, std::min(text.size(), place + 48));
  const size_t postcode = behind.Postcode(0);
  if (postcode == 0) return {};
  size_t end = behind[postcode - 1].begin + behind[postcode - 1].text.size();
  const bool four_digits = postcode == 1 && behind[0].text.size() == 4;
  size_t town_behind = 0;
  if (postcode < behind.size() && behind[postcode].gap == Gap::kBlank) {
    town_behind = behind.Town(postcode);
  }
  // Without a break before it, only a region makes a postcode of a number.
  const size_t reach = std::min(place, kReach);
  const bool breaks = text.substr(place - reach, reach).find_first_of(",\n|\\-") != text.npos;
  if (!breaks && !IsDigit(text[place])) return {};
  if (!breaks && !Before(text, place - std::min<size_t>(place, 24), place).EndsWithRegion())
    return {};
  const AddressTokens before = Before(text, 0, place);
  size_t n = before.size();
  Gap gap = before.last_gap();
  if (n < 2 || gap > Gap::kLine || gap == Gap::kNone) return {};
  const size_t region = before.RegionBefore(n);
  const bool is_region = region > 0 && n > region && region < n;
  size_t town = 0;
  if (is_region && before[n - region].gap <= Gap::kLine) {
    n -= region;
    gap = before[n].gap;
    town = before.TownBefore(n);
    // "New York 10001": the region is the town.
    if (town == 0) {
      n += region;
      gap = before.last_gap();
    }
  }
  if (town == 0) town = before.TownBefore(n);
  if (town > 0 && (!IsDigit(text[place]) || town_behind == 0 || !IsBreak(gap))) {
    n -= town;
    gap = before[n].gap;
    // "6450 Elm Knolls Lake Joyceview TX 75534"
    const size_t street = gap == Gap::kBlank && is_region ? before.StreetBefore(n + town) : 0;
    if (street > 0) return {before[n + town - street].begin, end};
  } else if (town_behind == 0 && IsDigit(text[place])) {
    return {};
  } else if (town_behind > 0) {
    const AddressToken& last = behind[postcode + town_behind - 1];
    end = last.begin + last.text.size();
  }
  // Back over units and parts of the town to the street.
  for (int part = 0; part < 3 && n > 1 && IsBreak(gap); ++part) {
    const size_t unit = before.UnitBefore(n);
    const size_t street = before.StreetBefore(n - unit);
    if (street > 0) {
      const size_t begin = n - unit - street;
      // "12 Elm, Ash 1460": a list of things has numbers like this.
      if (four_digits && !is_region && IsDigit(before[begin].text[0]) && town_behind == 0)
        return {};
      // "Levi's 501, Boots 1460"
      const std::string_view word = before[begin].text;
      if (four_digits && word.size() > 2 && word.substr(word.size() - 2) == "'s") return {};
      return {before[begin].begin, end};
    }
    const size_t more = unit > 0 ? unit : before.TownBefore(n);
    if (more == 0 || more >= n) return {};
    n -= more;
    gap = before[n].gap;
  }
  return {};
}

ValueSpan FindStreetAtNumber(std::string_view text, size_t place) {
  if (place > 0 && std::string_view("$#.:/+-(").find(text[place - 1]) != std::string_view::npos) {
    return {};
  }
  size_t digits = 0;
  while (digits < 7 && place + digits < text.size() && IsDigit(text[place + digits])) ++digits;
  if (digits > 5) return {};
  // Nearly all numbers have no word with a capital beside them.
  const bool blank_before = place > 6 && text[place - 1] == ' ' && FollowsNameOrBreak(text, place);
  const size_t blank = text.substr(0, place + 16).find_first_of(" ,", place);
  const bool capital_behind = blank != text.npos && blank + 2 < text.size() &&
                              !(text[blank + 1] >= 'a' && text[blank + 1] <= 'z') &&
                              (IsWordByte(text[blank + 1]) || text[blank + 1] == ' ') &&
                              !IsDigit(text[blank + 1]);
  if (!blank_before && !capital_behind) return {};
  const AddressTokens behind(text, place, std::min(text.size(), place + 72));
  if (behind.size() == 0 || !behind.IsHouse(0)) return {};
  // "7555 Hannah Trace": the last of the words with a capital ends a street.
  if (behind.size() > 1 && behind[1].gap <= Gap::kComma && !behind[0].point && behind.IsName(1)) {
    size_t end = 1;
    size_t suffix = 0;
    while (end < behind.size() && end < 6 && behind.IsName(end) &&
           (end == 1 || behind[end].gap == Gap::kBlank)) {
      if (IsStreetSuffix(LowerAscii(behind[end].text))) suffix = end;
      ++end;
      if (behind[end - 1].point) break;
    }
    const bool year =
        digits == 4 && (text.substr(place, 2) == "19" || text.substr(place, 2) == "20");
    const bool two_words = suffix > 1 || behind[1].gap == Gap::kBlank;
    if (suffix > 1 && suffix + 1 == end && !year && two_words &&
        !IsNoTownWord(LowerAscii(behind[1].text))) {
      const AddressToken& last = behind[suffix];
      return {place, last.begin + last.text.size()};
    }
  }
  // The number is last: a word before it says that it is a street.
  if (place < 6 || digits > 4) return {};
  const char before_number = text[place - 2];
  if (text[place - 1] != ' ' ||
      !(IsWordByte(before_number) || before_number == ',' || before_number == '.')) {
    return {};
  }
  const size_t number_end = behind[0].begin + behind[0].text.size();
  size_t begin = place - std::min<size_t>(place, 72);
  while (begin > 0 && begin < place && IsWordByte(text[begin - 1])) ++begin;
  const AddressTokens street(text, begin, number_end);
  const size_t n = street.size();
  if (n < 2 || street[n - 1].begin != place) return {};
  const size_t words = street.StreetBefore(n);
  if (words < 2) return {};
  const size_t first = n - words;
  if (HasStreetEnding(LowerAscii(street[n - 2].text)) && street[n - 1].gap == Gap::kBlank &&
      street.IsName(n - 2)) {
    return {street[words > 2 && street[n - 2].begin > 0 ? first : n - 2].begin, number_end};
  }
  for (size_t i = first; i + 2 < n; ++i) {
    const std::string lower = LowerAscii(street[i].text);
    const bool whole = street[i].text.size() > 3 || street[i].point || !IsUpper(street[i].text[0]);
    if (whole && IsStreetWord(lower)) return {street[i].begin, number_end};
  }
  return {};
}

}  // namespace flywheel::redaction
