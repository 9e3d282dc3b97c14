// Reads the cases that tools/reference_cases.py had other libraries compute.
#ifndef FLYWHEEL_TESTS_STATISTICS_REFERENCE_CASES_H_
#define FLYWHEEL_TESTS_STATISTICS_REFERENCE_CASES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace flywheel::reference {

// A line of a file: what is given, and what other libraries find.
struct Case {
  std::string line;
  std::vector<double> given;
  std::vector<double> found;
};

inline std::vector<double> Numbers(const std::string& text) {
  std::vector<double> numbers;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    char* end = nullptr;
    numbers.push_back(std::strtod(word.c_str(), &end));
    EXPECT_EQ(*end, '\0') << text;
  }
  return numbers;
}

// The thousand cases of tests/<path>, each with so many numbers given and found.
inline std::vector<Case> ReadCases(const std::string& path, size_t given, size_t found) {
  std::vector<Case> cases;
  std::ifstream file("tests/" + path);
  for (std::string line; std::getline(file, line);) {
    const size_t bar = line.find('|');
    Case one{line, Numbers(line.substr(0, bar)), Numbers(line.substr(bar + 1))};
    if (one.given.size() == given && one.found.size() == found) {
      cases.push_back(std::move(one));
    } else {
      ADD_FAILURE() << path << ": " << line;
    }
  }
  EXPECT_EQ(cases.size(), 1'000) << path;
  return cases;
}

// To nine digits; where a number is what is left of greater ones, to twelve of theirs, `scale`.
inline void ExpectClose(double got, double want, const Case& of, double scale = 1) {
  EXPECT_LE(std::fabs(got - want), std::max(1e-9 * std::fabs(want), 1e-12 * scale))
      << "got " << got << ", want " << want << " of " << of.line;
}

}  // namespace flywheel::reference

#endif  // FLYWHEEL_TESTS_STATISTICS_REFERENCE_CASES_H_
