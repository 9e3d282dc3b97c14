#include "eval_gate_service/evaluators/content_words.h"

#include <algorithm>

#include "eval_gate_service/evaluators/function_words.h"
#include "eval_gate_service/evaluators/unicode_text.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr std::string_view kEndings[] = {"ing", "ed", "es", "s"};
constexpr std::string_view kNegations[] = {
    "not",    "no",   "never", "none",   "neither", "nor",   "without", "cannot", "cant",  "dont",
    "doesnt", "isnt", "arent", "wasnt",  "wont",    "didnt", "nicht",   "kein",   "keine", "keinen",
    "nie",    "ohne", "pas",   "jamais", "sans",    "nunca", "sin",     "non",    "mai",   "senza",
    "não",    "nem",  "sem",   "niet",   "geen",    "nooit", "zonder"};

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string Stem(std::string word) {
  if (IsNumber(word)) return word;
  for (const std::string_view ending : kEndings) {
    if (word.size() >= ending.size() + 3 && word.ends_with(ending)) {
      word.resize(word.size() - ending.size());
      break;
    }
  }
  // "arrive" as "arrives", which has lost more.
  if (word.size() >= 4 && word.back() == 'e') word.pop_back();
  return word;
}

// The bytes of the end of a sentence at `at`; 0 where none is.
size_t EndAt(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == '\n') return 1;
  const bool ends = c == '.' || c == '!' || c == '?' || c == ';';
  if (ends && (at + 1 == text.size() || IsAsciiSpace(text[at + 1]))) return 1;
  for (const std::string_view stop : {"\u3002", "\uff01", "\uff1f"}) {
    if (text.substr(at).starts_with(stop)) return stop.size();
  }
  return 0;
}

Sentence Read(std::string_view text, std::string_view language) {
  Sentence sentence;
  for (std::string& word : Words(text)) {
    if (IsNegation(word)) sentence.is_negated = true;
    if (!IsFunctionWord(language, word)) sentence.words.push_back(Stem(std::move(word)));
  }
  return sentence;
}

}  // namespace

bool IsNumber(std::string_view word) { return !word.empty() && word[0] >= '0' && word[0] <= '9'; }

bool IsNegation(std::string_view word) {
  return std::find(std::begin(kNegations), std::end(kNegations), word) != std::end(kNegations);
}

std::vector<Sentence> SentencesOf(std::string_view text, std::string_view language) {
  std::vector<Sentence> sentences;
  size_t begin = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    const size_t end = at == text.size() ? 1 : EndAt(text, at);
    if (end == 0) continue;
    Sentence sentence = Read(text.substr(begin, at - begin), language);
    if (!sentence.words.empty()) sentences.push_back(std::move(sentence));
    begin = at + end;
    at = begin - 1;
  }
  return sentences;
}

}  // namespace flywheel::evalgate::evaluators
