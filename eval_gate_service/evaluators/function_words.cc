#include "eval_gate_service/evaluators/function_words.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>

#include "eval_gate_service/evaluators/unicode_text.h"

namespace flywheel::evalgate::evaluators {
namespace {

using WordSet = std::set<std::string, std::less<>>;

WordSet Split(const char* words) {
  std::istringstream stream(words);
  WordSet split;
  for (std::string word; stream >> word;) split.insert(word);
  return split;
}

const std::map<std::string, WordSet, std::less<>>& Profiles() {
  static const auto& profiles = *new std::map<std::string, WordSet, std::less<>>{
      {"en",
       Split("a an the and or but if of in on at to for with by from as is are was were be been it "
             "its this that these those he she they we you i your our their his her not no do does "
             "did has have had may can will would should then than so also all any each which who "
             "whom whose when where what how there here up out into over about more most some such "
             "only own same too very just now one")},
      {"de",
       Split(
           "der die das den dem des ein eine einen einem einer eines und oder aber wenn von in im "
           "auf an am zu zum zur mit bei aus als ist sind war waren sein es dies diese dieser "
           "dieses er sie wir ihr ich nicht kein keine hat haben hatte kann wird werden auch "
           "nach durch so dass sich noch nur wie was wer wo man mehr sehr bis um")},
      {"fr",
       Split(
           "le la les un une des du de et ou mais si dans sur au aux pour avec par est sont "
           "etait être ce cette ces il elle ils elles nous vous je tu votre notre leur son sa ses "
           "ne pas plus que qui dont où quand comme aussi tout tous très se en y a ont avez peut")},
      {"es",
       Split(
           "el la los las un una unos unas de del y o pero si en sobre al para con por es son era "
           "ser este esta estos estas ese esa él ella ellos nosotros usted yo tu su sus no más que "
           "quien cuando como también todo todos muy se lo le ha han puede hay sin desde hasta")},
      {"it",
       Split(
           "il lo la gli le un uno una di del della dei delle e o ma se in nel nella su per con "
           "da dal è sono era essere questo questa questi egli lei loro noi voi io tu suo sua non "
           "più che chi quando come anche tutto tutti molto si ha hanno può dove dopo ogni")},
      {"pt",
       Split(
           "o a os as um uma uns umas de do da dos das e ou mas se em no na nos nas sobre ao para "
           "com por é são era ser este esta estes isso ele ela eles nós você eu seu sua não mais "
           "que quem quando como também todo todos muito lhe tem têm pode há sem até")},
      {"nl",
       Split(
           "de het een en of maar als van in op aan te tot voor met door uit is zijn was waren dit "
           "dat deze die hij zij ze wij we jullie u ik niet geen heeft hebben had kan kunt wordt "
           "worden ook naar zo nog er wat wie waar hoe meer zeer veel bij om uw")}};
  return profiles;
}

// Scripts that say the language, kana before Han because Japanese has both.
struct Script {
  const char* code;
  char32_t first;
  char32_t last;
};
constexpr Script kScripts[] = {
    {"ja", 0x3040, 0x30FF}, {"zh", 0x3400, 0x9FFF}, {"ko", 0xAC00, 0xD7AF}, {"ko", 0x1100, 0x11FF},
    {"ru", 0x0400, 0x052F}, {"el", 0x0370, 0x03FF}, {"ar", 0x0600, 0x06FF}, {"he", 0x0590, 0x05FF},
    {"th", 0x0E00, 0x0E7F}, {"hi", 0x0900, 0x097F}};

bool IsLatin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F);
}

// The language whose script has more letters than the Latin one has; empty where there is none.
std::string ByScript(std::string_view text) {
  std::map<std::string, int64_t> letters;
  int64_t latin = 0;
  for (const char32_t c : Scalars(text)) {
    if (IsLatin(c)) ++latin;
    for (const Script& script : kScripts) {
      if (c >= script.first && c <= script.last) ++letters[script.code];
    }
  }
  // A Han letter stands for more than a Latin one, and an address or a name is Latin everywhere.
  std::string best;
  int64_t most = latin / 2;
  for (const auto& [code, count] : letters) {
    if (count <= most) continue;
    best = code;
    most = count;
  }
  return best == "zh" && letters["ja"] * 10 > letters["zh"] ? "ja" : best;
}

}  // namespace

const std::vector<std::string>& KnownLanguages() {
  static const auto& known = *new std::vector<std::string>([] {
    WordSet codes;
    for (const auto& [code, words] : Profiles()) codes.insert(code);
    for (const Script& script : kScripts) codes.insert(script.code);
    return std::vector<std::string>(codes.begin(), codes.end());
  }());
  return known;
}

std::string LanguageOf(std::string_view text) {
  if (std::string code = ByScript(text); !code.empty()) return code;
  std::map<std::string, int64_t> hits;
  for (const std::string& word : Words(text)) {
    for (const auto& [code, words] : Profiles()) hits[code] += words.contains(word) ? 1 : 0;
  }
  std::string language;
  int64_t most = 1;
  for (const auto& [code, count] : hits) {
    if (count > most) {
      language = code;
      most = count;
    } else if (count == most) {
      language.clear();
    }
  }
  return language;
}

bool HasFunctionWords(std::string_view language) { return Profiles().contains(language); }

bool IsFunctionWord(std::string_view language, std::string_view word) {
  const auto profile = Profiles().find(language);
  return profile != Profiles().end() && profile->second.contains(word);
}

}  // namespace flywheel::evalgate::evaluators
