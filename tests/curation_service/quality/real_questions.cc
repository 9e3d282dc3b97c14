#include "tests/curation_service/quality/real_questions.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace flywheel::curation {
namespace {

std::ifstream Open(const std::string& name) {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::ifstream(std::string(directory == nullptr ? "../shared/data" : directory) + "/" +
                       name);
}

// The first field of a record of CSV, in which a quote is written twice.
std::string FirstField(const std::string& record) {
  if (record.empty() || record[0] != '"') return record.substr(0, record.find(','));
  std::string field;
  for (size_t i = 1; i < record.size(); ++i) {
    if (record[i] != '"') {
      field += record[i];
    } else if (i + 1 < record.size() && record[i + 1] == '"') {
      field += record[i++];
    } else {
      break;
    }
  }
  return field;
}

}  // namespace

std::vector<std::string> SchoolProblems() {
  std::ifstream file = Open("gsm8k_two_models/test.jsonl");
  std::vector<std::string> questions;
  for (std::string line; std::getline(file, line);) {
    questions.push_back(nlohmann::json::parse(line)["question"].get<std::string>());
  }
  return questions;
}

std::vector<LabelledQuery> LabelledBankQueries() {
  std::ifstream file = Open("banking77/train.csv");
  std::vector<LabelledQuery> queries;
  std::string record;
  std::string line;
  std::getline(file, line);  // The headings.
  while (std::getline(file, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    record += record.empty() ? line : "\n" + line;
    // A quoted field may hold line breaks.
    if (std::count(record.begin(), record.end(), '"') % 2 != 0) continue;
    queries.push_back({FirstField(record), record.substr(record.rfind(',') + 1)});
    record.clear();
  }
  return queries;
}

std::vector<std::string> BankQueries() {
  std::vector<std::string> texts;
  for (LabelledQuery& query : LabelledBankQueries()) texts.push_back(std::move(query.text));
  return texts;
}

}  // namespace flywheel::curation
