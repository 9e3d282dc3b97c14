#include "tests/experiment_service/domain/statistics_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <regex>

namespace flywheel::experiment {
namespace {

// An example is a row of a table with this header. Its cells hold "name: value; name: value".
constexpr char kHeader[] = "| Given | Found |";

std::map<std::string, std::string> Pairs(const std::string& cell, int line) {
  static const std::regex kPair(R"(\s*([^:;]+): ([^;]*[^;\s])\s*(?:;|$))");
  std::map<std::string, std::string> pairs;
  size_t length = 0;
  for (std::sregex_iterator it(cell.begin(), cell.end(), kPair), end; it != end; ++it) {
    EXPECT_TRUE(pairs.emplace(it->str(1), it->str(2)).second) << "line " << line << ": " << cell;
    length += static_cast<size_t>(it->length());
  }
  EXPECT_EQ(length, cell.size()) << "line " << line << ": not all are pairs: " << cell;
  return pairs;
}

}  // namespace

std::vector<Printed> NumbersIn(const std::string& text) {
  static const std::regex kNumber(
      R"(([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?:e([+-]?\d+))?( %)?)");
  std::vector<Printed> numbers;
  for (std::sregex_iterator it(text.begin(), text.end(), kNumber), end; it != end; ++it) {
    const std::smatch& match = *it;
    std::string digits = match.str(2);
    std::erase(digits, ',');
    const int exponent =
        (match[4].matched ? std::stoi(match.str(4)) : 0) - (match[5].matched ? 2 : 0);
    const double value = std::stod(match.str(1) + digits + "." + match.str(3) + "0");
    numbers.push_back({value * std::pow(10, exponent),
                       0.5 * std::pow(10, exponent - static_cast<int>(match.length(3)))});
  }
  return numbers;
}

Page ReadPage() {
  static const std::regex kRow(R"(\| ([^|]+) \| ([^|]+) \|)");
  Page page;
  std::ifstream file(kStatisticsPage);
  std::string text;
  bool in_table = false;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.starts_with("## ")) page.sections.push_back(text.substr(3));
    if (text == kHeader) {
      in_table = std::getline(file, text) && text == "| --- | --- |";
      ++line;
      continue;
    }
    in_table = in_table && text.starts_with("|");
    std::smatch cells;
    if (!in_table) continue;
    EXPECT_TRUE(std::regex_match(text, cells, kRow)) << "line " << line;
    page.examples.push_back(
        {page.sections.back(), line, Pairs(cells[1], line), Pairs(cells[2], line)});
  }
  return page;
}

}  // namespace flywheel::experiment
