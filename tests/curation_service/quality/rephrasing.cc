#include "tests/curation_service/quality/rephrasing.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

namespace flywheel::curation {
namespace {

using Synonyms = std::map<std::string, std::string, std::less<>>;

const Synonyms& SynonymsOf(RuleSet rules) {
  static const Synonyms& tune = *new Synonyms{
      {"buys", "purchases"},
      {"bought", "purchased"},
      {"sells", "trades away"},
      {"each", "every single"},
      {"total", "sum"},
      {"gives", "hands over"},
      {"gave", "handed over"},
      {"makes", "produces"},
      {"made", "produced"},
      {"costs", "is priced at"},
      {"cost", "price"},
      {"eats", "consumes"},
      {"gets", "obtains"},
      {"has", "owns"},
      {"had", "owned"},
      {"needs", "requires"},
      {"wants", "would like"},
      {"goes", "travels"},
      {"went", "travelled"},
      {"works", "labours"},
      {"friends", "pals"},
      {"children", "kids"},
      {"money", "cash"},
      {"house", "home"},
      {"car", "vehicle"},
      {"big", "large"},
      {"small", "little"},
      {"starts", "begins"},
      {"finished", "completed"},
      {"walks", "strolls"},
      {"many", "numerous"},
      {"much", "great an amount"},
      {"also", "additionally"},
      {"then", "afterwards"},
      {"if", "supposing"},
      {"people", "persons"},
      {"left", "remaining"},
      {"day", "full day"},
      {"decides", "makes up their mind"},
      {"spends", "lays out"},
      {"spent", "laid out"},
      {"takes", "uses up"},
      {"more", "additional"},
      {"and", "as well as"},
      {"but", "however"},
  };
  static const Synonyms& test = *new Synonyms{
      {"he", "this man"},
      {"she", "this woman"},
      {"they", "those people"},
      {"his", "this man's"},
      {"her", "this woman's"},
      {"their", "those people's"},
      {"the", "that"},
      {"a", "one"},
      {"an", "one"},
      {"for", "on behalf of"},
      {"in", "inside"},
      {"at", "by"},
      {"with", "together with"},
      {"is", "turns out to be"},
      {"are", "turn out to be"},
      {"was", "turned out to be"},
      {"were", "proved to be"},
      {"will", "is going to"},
      {"would", "is likely to"},
      {"does", "is it that"},
      {"do", "is it that"},
      {"buys", "acquires"},
      {"bought", "acquired"},
      {"sells", "gets rid of"},
      {"sold", "got rid of"},
      {"gives", "donates"},
      {"gave", "donated"},
      {"makes", "creates"},
      {"made", "created"},
      {"costs", "goes for"},
      {"eats", "swallows"},
      {"gets", "receives"},
      {"got", "received"},
      {"has", "possesses"},
      {"had", "possessed"},
      {"needs", "must have"},
      {"wants", "hopes"},
      {"week", "span of seven days"},
      {"every", "any given"},
      {"twice", "two times"},
      {"half", "fifty percent"},
      {"friends", "buddies"},
      {"children", "youngsters"},
      {"house", "dwelling"},
      {"car", "automobile"},
      {"puts", "places"},
      {"spends", "pays"},
      {"spent", "paid"},
      {"takes", "requires"},
      {"left", "over"},
      {"each", "apiece"},
      {"more", "extra"},
      {"total", "whole amount"},
      {"number", "count"},
      {"when", "once"},
      {"after", "following"},
      {"before", "prior to"},
      {"from", "out of"},
      {"of", "belonging to"},
      {"per", "for one"},
  };
  return rules == RuleSet::kTune ? tune : test;
}

std::vector<std::string> SentencesOf(std::string_view text) {
  std::vector<std::string> sentences(1);
  for (size_t i = 0; i < text.size(); ++i) {
    sentences.back() += text[i];
    const bool ends = (text[i] == '.' || text[i] == '?' || text[i] == '!') &&
                      (i + 1 == text.size() || text[i + 1] == ' ');
    if (ends) sentences.emplace_back();
  }
  for (std::string& sentence : sentences) {
    sentence.erase(0, std::min(sentence.find_first_not_of(' '), sentence.size()));
  }
  std::erase(sentences, "");
  return sentences;
}

std::string WithSynonyms(const std::string& sentence, const Synonyms& synonyms) {
  std::string said;
  std::istringstream words(sentence);
  for (std::string word; words >> word;) {
    size_t end = word.size();
    while (end > 0 && std::ispunct(static_cast<unsigned char>(word[end - 1])) != 0) --end;
    std::string bare = word.substr(0, end);
    std::transform(bare.begin(), bare.end(), bare.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto found = synonyms.find(bare);
    if (!said.empty()) said += ' ';
    said += found == synonyms.end() ? word : found->second + word.substr(end);
  }
  return said;
}

}  // namespace

std::string Rephrased(std::string_view question, RuleSet rules) {
  std::vector<std::string> sentences = SentencesOf(question);
  for (std::string& sentence : sentences) sentence = WithSynonyms(sentence, SynonymsOf(rules));
  if (rules == RuleSet::kTune) {
    std::rotate(sentences.begin(), sentences.end() - (sentences.empty() ? 0 : 1), sentences.end());
    std::string said = "Work this out: ";
    for (const std::string& sentence : sentences) said += sentence + " It is known that ";
    return said.substr(0, said.size() - 18) + ".";
  }
  std::string said = "Please tell me the answer. ";
  if (sentences.size() > 2) std::reverse(sentences.begin(), sentences.end() - 1);
  for (std::string& sentence : sentences) {
    if (!sentence.empty() && sentence.back() == '.') sentence.back() = ';';
    said += "consider that " + sentence + " ";
  }
  return said;
}

std::vector<std::string> SmallVariants(std::string_view text) {
  const std::string own(text);
  std::vector<std::string> variants;
  std::string upper = own;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  variants.push_back(upper);
  std::string spaced;
  for (const char c : own) spaced += c == ' ' ? std::string("  ") : std::string(1, c);
  variants.push_back(spaced);
  // In the middle of the longest word.
  size_t place = 0, longest = 0;
  for (size_t i = 0; i < own.size();) {
    size_t end = i;
    while (end < own.size() && std::isalpha(static_cast<unsigned char>(own[end])) != 0) ++end;
    if (end - i > longest) {
      longest = end - i;
      place = i + (end - i) / 2;
    }
    i = std::max(end, i + 1);
  }
  variants.push_back(own.substr(0, place) + "\u200b" + own.substr(place));
  std::string typo = own;
  if (place > 0) std::swap(typo[place], typo[place - 1]);
  if (typo == own) typo.erase(place, 1);
  variants.push_back(typo);
  variants.push_back("Question: " + own);
  variants.push_back(own + " Thanks!");
  std::string marks = own;
  for (size_t k = 0; k < marks.size(); ++k) {
    // Not the point of a number.
    if (k + 1 < marks.size() && marks[k + 1] != ' ') continue;
    if (marks[k] == '.' || marks[k] == '?') marks[k] = '!';
    if (marks[k] == ',') marks[k] = ';';
  }
  variants.push_back(marks == own ? own + "..." : marks);
  std::string entity;
  for (const char c : own) entity += c == '\'' ? std::string("&#39;") : std::string(1, c);
  if (entity == own)
    entity = own.substr(0, own.find(' ')) + "&nbsp;" +
             own.substr(std::min(own.find(' '), own.size() - 1) + 1);
  variants.push_back(entity);
  return variants;
}

}  // namespace flywheel::curation
