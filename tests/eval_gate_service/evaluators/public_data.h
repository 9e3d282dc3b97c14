// Public data sets for tests. A checkout without them skips what needs them.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_PUBLIC_DATA_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_PUBLIC_DATA_H_

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace flywheel::evalgate::evaluators {

inline std::string DataFile(const std::string& name) {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::string(directory == nullptr ? "../shared/data" : directory) + "/" + name;
}

// The objects of a file of JSON lines; none where there is no file.
inline std::vector<nlohmann::json> JsonLines(const std::string& name) {
  std::ifstream file(DataFile(name));
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(file, line);) {
    auto row = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (row.is_object()) rows.push_back(std::move(row));
  }
  return rows;
}

// The rows of a file after RFC 4180, with its header: quoted fields may hold commas, line feeds and
// doubled quotes.
inline std::vector<std::vector<std::string>> CsvRows(const std::string& name) {
  std::ifstream file(DataFile(name), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<std::vector<std::string>> rows = {{""}};
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      rows.back().back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back({""});
    } else if (quoted || c != '\r') {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_PUBLIC_DATA_H_
