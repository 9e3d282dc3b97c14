// Language of a text by its script and its function words.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_FUNCTION_WORDS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_FUNCTION_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace flywheel::evalgate::evaluators {

// ISO 639-1 codes that LanguageOf can say: en, de, fr, es, it, pt, nl by function words; ja, zh,
// ko, ru, el, ar, he, th, hi by the script, which others share (ar stands for Persian and Urdu too,
// ru for all of Cyrillic, hi for all of Devanagari).
const std::vector<std::string>& KnownLanguages();

// The language of the script of most letters; among Latin ones, the language with the most function
// words, if at least two words of `text` are and no other language has as many. Empty where nothing
// decides.
std::string LanguageOf(std::string_view text);

// Whether a language is known by its function words, so that it is written in Latin letters.
bool HasFunctionWords(std::string_view language);

// Whether `word` (lower case, without apostrophes) is a function word of the language: an article,
// pronoun, preposition, auxiliary and the like. False for languages without a list.
bool IsFunctionWord(std::string_view language, std::string_view word);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_FUNCTION_WORDS_H_
