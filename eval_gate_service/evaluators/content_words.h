// Content words of sentences, for measuring whether one text stands on another.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTENT_WORDS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTENT_WORDS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::evalgate::evaluators {

struct Sentence {
  // Words (unicode_text.h) in their order without the function words of `language`, and without
  // the endings -s, -es, -ed and -ing, where three letters stay, and -e.
  std::vector<std::string> words;
  // One of its words is a negation.
  bool is_negated = false;
};

// Ends at ".", "!", "?" or ";" before white space, at the full stops of Chinese and Japanese, and
// at line breaks. Sentences without a content word are left out. `language`: see function_words.h;
// empty: all words count.
std::vector<Sentence> SentencesOf(std::string_view text, std::string_view language);

// Whether the word begins with a digit.
bool IsNumber(std::string_view word);

// Whether the word, as Words makes it, denies: "not", "never", "without", "nicht", "pas" and the
// like.
bool IsNegation(std::string_view word);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CONTENT_WORDS_H_
