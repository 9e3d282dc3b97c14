// Generator of labelled queries, the same on every platform.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_INTENT_QUERIES_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_INTENT_QUERIES_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace flywheel::curation {

// A fixed stream of numbers (SplitMix64), the same on every platform.
class TestRandom {
 public:
  explicit TestRandom(std::uint64_t seed) : state_(seed) {}

  // Uniform over 0 .. bound - 1.
  std::size_t Below(std::size_t bound) {
    std::uint64_t x = (state_ += 0x9e3779b97f4a7c15ULL);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<std::size_t>((x ^ (x >> 31)) % bound);
  }

  bool Chance(double probability) {
    return static_cast<double>(Below(1'000'000)) < probability * 1e6;
  }

 private:
  std::uint64_t state_;
};

// A word of consonants and vowels that stands for a number, such as "bacafo".
inline std::string InventedWord(std::size_t number) {
  static constexpr char kConsonants[] = "bcdfglmnprstvz";
  static constexpr char kVowels[] = "aeiou";
  std::string word;
  std::size_t rest = number * 7919 + 131;  // Neighbouring numbers get unlike words.
  for (int syllable = 0; syllable < 3; ++syllable) {
    word += kConsonants[rest % 14];
    rest /= 14;
    word += kVowels[rest % 5];
    rest /= 5;
  }
  return word;
}

inline std::string IntentName(std::size_t intent) { return "intent_" + std::to_string(intent); }

// A short query that asks for the intent: two of its four own words among words that all intents
// use, so that the intent can be learnt but not from every word.
inline std::string IntentQuery(std::size_t intent, TestRandom& random) {
  std::string query;
  for (int i = 0; i < 2; ++i) query += InventedWord(1000 + intent * 4 + random.Below(4)) + " ";
  for (int i = 0; i < 4; ++i) query += InventedWord(random.Below(60)) + " ";
  return query;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_INTENT_QUERIES_H_
