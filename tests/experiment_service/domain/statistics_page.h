// docs/statistics.md as a test reads it: sections, and the examples in their tables.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_PAGE_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_PAGE_H_

#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flywheel::experiment {

inline constexpr char kStatisticsPage[] = "docs/statistics.md";

// A number as it is printed: "+37.5 %" is .375, give or take .0005.
struct Printed {
  double value;
  double tolerance;
};
std::vector<Printed> NumbersIn(const std::string& text);

// What an example is given, by name. Whatever is not asked for in the end was of no use.
class Given {
 public:
  explicit Given(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  bool Has(const std::string& name) { return values_.contains(name); }
  std::string Text(const std::string& name, const std::string& otherwise = "") {
    used_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }
  std::vector<double> Numbers(const std::string& name) {
    std::vector<double> numbers;
    for (const Printed& number : NumbersIn(Text(name))) numbers.push_back(number.value);
    return numbers;
  }
  std::vector<int64_t> Counts(const std::string& name) {
    std::vector<int64_t> counts;
    for (const double number : Numbers(name)) counts.push_back(std::llround(number));
    return counts;
  }
  double Number(const std::string& name, double otherwise) {
    const std::vector<double> numbers = Numbers(name);
    return numbers.empty() ? otherwise : numbers.front();
  }
  int64_t Count(const std::string& name, int64_t otherwise = 0) {
    return std::llround(Number(name, static_cast<double>(otherwise)));
  }
  std::vector<std::string> Unused() const {
    std::vector<std::string> unused;
    for (const auto& [name, value] : values_) {
      if (!used_.contains(name)) unused.push_back(name);
    }
    return unused;
  }

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> used_;
};

struct Example {
  std::string section;
  int line = 0;
  std::map<std::string, std::string> given;
  std::map<std::string, std::string> found;
};

struct Page {
  std::vector<std::string> sections;
  std::vector<Example> examples;
};

Page ReadPage();

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_PAGE_H_
