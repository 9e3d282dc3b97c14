// Negative samples: numeric and technical text without personal data.
#ifndef FLYWHEEL_TESTS_REDACTION_ORDINARY_TEXT_H_
#define FLYWHEEL_TESTS_REDACTION_ORDINARY_TEXT_H_

#include <string>
#include <vector>

namespace flywheel::redaction {

// Scores, embeddings, prices, boxes, logs, hashes, versions, ids of goods and orders, code: a kind
// each.
std::vector<std::string> OrdinaryTexts();

// Arguments and results of tools, as JSON.
std::vector<std::string> OrdinaryJson();

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_ORDINARY_TEXT_H_
