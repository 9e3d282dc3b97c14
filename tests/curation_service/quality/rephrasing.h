// Rephrasing by rule: says a question again in other words, with its numbers.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REPHRASING_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REPHRASING_H_

#include <string>
#include <string_view>
#include <vector>

namespace flywheel::curation {

// Two sets of rules that share no synonym and no order of sentences: what is tuned on one is
// measured on the other.
enum class RuleSet { kTune, kTest };

// Synonyms for every word that has one, the question before what is given (kTune) or the sentences
// turned round and joined (kTest), and the answerer addressed. Numbers stay.
std::string Rephrased(std::string_view question, RuleSet rules);

// Small variants of a text, as careless copies have them: upper case, double spaces, a zero-width
// space, one typing error, a prefix, a suffix, other punctuation, an entity of HTML.
std::vector<std::string> SmallVariants(std::string_view text);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REPHRASING_H_
