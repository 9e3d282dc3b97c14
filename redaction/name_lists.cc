#include "redaction/name_lists.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/container/flat_hash_map.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxBytes = 32;

// Letters of ASCII, Latin-1 and Latin Extended-A in lower case; others stay.
std::string Lower(std::string_view word) {
  std::string lower(word);
  for (size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    const auto lead = i == 0 ? uint8_t{0} : static_cast<unsigned char>(lower[i - 1]);
    bool upper = byte >= 'A' && byte <= 'Z';
    if (upper || (lead == 0xC3 && byte >= 0x80 && byte <= 0x9E)) {
      lower[i] = static_cast<char>(byte + 0x20);
      continue;
    }
    // In U+0100 to U+017F a capital stands before its small letter, at even places but for two
    // runs.
    if (lead != 0xC4 && lead != 0xC5) continue;
    const int letter = (lead - 0xC4) * 64 + (byte & 0x3F);
    const bool odd_run = (letter >= 0x39 && letter <= 0x48) || (letter >= 0x79 && letter <= 0x7E);
    upper = odd_run ? letter % 2 == 1 : letter % 2 == 0;
    if (upper && byte != 0xBF) lower[i] = static_cast<char>(byte + 1);
  }
  return lower;
}

// Without the marks of Latin-1 and Latin Extended-A: "agnès" is "agnes".
std::string WithoutMarks(std::string_view lower) {
  constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo.ouuuuypy";  // From U+00E0.
  constexpr std::string_view kExtended =                                    // From U+0100.
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
      "lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
  std::string plain;
  for (size_t i = 0; i < lower.size(); ++i) {
    const auto lead = static_cast<unsigned char>(lower[i]);
    const bool pair = i + 1 < lower.size();
    const size_t low = pair ? static_cast<unsigned char>(lower[i + 1]) & 0x3F : 0;
    if (pair && lead == 0xC3 && low >= 0x20) {
      plain += kLatin1[low - 0x20];
      ++i;
    } else if (pair && (lead == 0xC4 || lead == 0xC5)) {
      plain += kExtended[(lead - 0xC4) * size_t{64} + low];
      ++i;
    } else {
      plain += lower[i];
    }
  }
  return plain;
}

using Names = absl::flat_hash_map<std::string_view, NameWord>;

template <typename Mark>
void AddAll(std::string_view list, Names& names, Mark mark) {
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = list.find(' ', begin);
    mark(names[list.substr(begin, end - begin)]);
    begin = end + 1;
  }
}

const Names& TheNames() {
  static const Names& names = *new Names([] {
    Names all;
    for (const std::string_view list : {kGivenNamesAToK, kGivenNamesLToZ}) {
      AddAll(list, all, [](NameWord& word) { word.given = true; });
    }
    AddAll(kDoubtfulGivenNames, all, [](NameWord& word) { word.doubtful = true; });
    AddAll(kSurnames, all, [](NameWord& word) { word.surname = true; });
    return all;
  }());
  return names;
}

// A small hash of the last two bytes of a word of two and more.
constexpr size_t LastTwo(std::string_view word) {
  const auto last = static_cast<unsigned char>(word[word.size() - 1]);
  const auto before = static_cast<unsigned char>(word[word.size() - 2]);
  return (before * size_t{37} + last) % 1024;
}

// Endings and beginnings that hardly any other word has.
bool LooksLikeSurname(std::string_view lower) {
  static constexpr std::string_view kEndings[] = {
      "sson",    "dóttir",  "dottir", "kowski", "ewski",  "owski", "inski",   "czyk",  "wicz",
      "ović",    "ević",    "enko",   "chuk",   "shvili", "adze",  "opoulos", "akis",  "idis",
      "elli",    "etti",    "ucci",   "mann",   "stein",  "bauer", "meier",   "meyer", "maier",
      "huber",   "schmidt", "berger", "strøm",  "ström",  "quist", "qvist",   "gaard", "ández",
      "íguez",   "ínez",    "onez",   "ález",   "moglu",  "oğlu",  "oglu",    "zadeh", "wala",
      "narayan", "swamy",   "murthy", "appa",   "escu",   "eanu"};
  constexpr std::string_view kBeginnings[] = {"mcc", "mcd", "mck", "mcg", "mcl", "mcm", "mcn",
                                              "mcb", "mcf", "o'b", "o'c", "o'd", "o'h", "o'k",
                                              "o'l", "o'm", "o'n", "o'r", "o's", "o’c", "o’b"};
  // Most words end like none of them: a bit for each last byte but one and last byte.
  static constexpr auto kLastTwo = [] {
    std::array<bool, 1024> last{};
    for (const std::string_view ending : kEndings) last[LastTwo(ending)] = true;
    return last;
  }();
  const auto ends = [&](std::string_view ending) {
    return lower.size() >= ending.size() + 3 && lower.ends_with(ending);
  };
  const auto begins = [&](std::string_view beginning) {
    return lower.size() >= beginning.size() + 2 && lower.starts_with(beginning);
  };
  if (kLastTwo[LastTwo(lower)] && std::any_of(std::begin(kEndings), std::end(kEndings), ends)) {
    return true;
  }
  return (lower[0] == 'm' || lower[0] == 'o') &&
         std::any_of(std::begin(kBeginnings), std::end(kBeginnings), begins);
}

}  // namespace

NameWord LookUpName(std::string_view word) {
  if (word.size() < 2 || word.size() > kMaxBytes) return {};
  const std::string lower = Lower(word);
  const Names& names = TheNames();
  auto found = names.find(lower);
  if (found == names.end()) {
    const size_t hyphen = lower.find('-');
    if (hyphen != std::string::npos) found = names.find(std::string_view(lower).substr(0, hyphen));
  }
  if (found == names.end() &&
      std::any_of(lower.begin(), lower.end(), [](char c) { return (c & 0x80) != 0; })) {
    found = names.find(WithoutMarks(lower));
  }
  NameWord known = found == names.end() ? NameWord{} : found->second;
  if (!known.given) known.surname = known.surname || LooksLikeSurname(lower);
  return known;
}

}  // namespace flywheel::redaction
