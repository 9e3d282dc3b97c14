// Real questions to measure with, where the data directory has them.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REAL_QUESTIONS_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REAL_QUESTIONS_H_

#include <string>
#include <vector>

namespace flywheel::curation {

// 1,319 school problems of gsm8k, and 10,003 customers' queries of banking77, in their order. From
// FLYWHEEL_DATA_DIR, else ../shared/data; empty where the file is not there.
std::vector<std::string> SchoolProblems();
std::vector<std::string> BankQueries();

// These queries with the intents that they were given.
struct LabelledQuery {
  std::string text;
  std::string label;
};
std::vector<LabelledQuery> LabelledBankQueries();

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_REAL_QUESTIONS_H_
