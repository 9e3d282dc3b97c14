// Labelled sentences: what people type to an agent, with the personal data in it marked.
#ifndef FLYWHEEL_TESTS_REDACTION_SENTENCES_H_
#define FLYWHEEL_TESTS_REDACTION_SENTENCES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

struct Label {
  DataType type;
  size_t begin;
  size_t end;
};

struct Sentence {
  std::string text;
  std::vector<Label> labels;  // Empty: a clean sentence.
};

// `rounds` sentences of every template, each with other values; the same on every machine.
std::vector<Sentence> PersonalSentences(int rounds);

// Sentences without personal data: hard ones (order numbers, amounts, wrong check digits, dates,
// versions, hashes, code) and ordinary ones.
std::vector<Sentence> CleanSentences(int rounds);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_SENTENCES_H_
