#include "experiment_service/domain/counts_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <system_error>

namespace flywheel::experiment {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

size_t Words(const std::string& text) {
  std::istringstream stream(text);
  return static_cast<size_t>(std::distance(std::istream_iterator<std::string>(stream), {}));
}

// Two digits a byte; "-" where there is none.
std::string HistogramText(const ValueHistogram& histogram) {
  const std::string bytes = histogram.Encode();
  if (bytes.empty()) return "-";
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// What HistogramText wrote; nothing where it did not.
std::optional<std::string> BytesOf(std::string_view text) {
  std::string bytes;
  if (text == "-") return bytes;
  if (text.empty() || text.size() % 2 != 0) return std::nullopt;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(&text[i], &text[i] + 2, byte, 16);
    if (error != std::errc() || end != &text[i] + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

// Numbers of one part, by blanks; `ok` is false once one is none.
class Numbers {
 public:
  explicit Numbers(const std::string& part) : stream_(part) {}

  int64_t Whole() {
    int64_t number = 0;
    ok_ = static_cast<bool>(stream_ >> number) && ok_;
    return number;
  }
  double Real() { return RealOf(Word()); }
  ExactSum Sum() {
    ExactSum sum;
    for (const std::string& part : Split(Word(), ',')) sum.Add(RealOf(part));
    return sum;
  }
  ValueHistogram Histogram() {
    const std::optional<std::string> bytes = BytesOf(Word());
    const std::optional<ValueHistogram> histogram =
        bytes ? ValueHistogram::Decode(*bytes) : std::nullopt;
    ok_ = ok_ && histogram.has_value();
    return histogram.value_or(ValueHistogram());
  }
  // Whether all were numbers, and none is left.
  bool Done() {
    std::string rest;
    return ok_ && !(stream_ >> rest);
  }

 private:
  std::string Word() {
    std::string word;
    ok_ = static_cast<bool>(stream_ >> word) && ok_;
    return word;
  }
  double RealOf(const std::string& word) {
    char* end = nullptr;
    const double number = std::strtod(word.c_str(), &end);
    ok_ = ok_ && *end == '\0';
    return number;
  }

  std::istringstream stream_;
  bool ok_ = true;
};

// Its parts, by commas; "0" where there is none.
std::string SumText(const ExactSum& sum) {
  std::string text;
  for (const double part : sum.parts()) {
    text += fmt::format("{}{:a}", text.empty() ? "" : ",", part);
  }
  return text.empty() ? "0" : text;
}

// Of texts that were written before sums were exact: two sums of two parts each.
std::optional<OutcomeCounts> ParseRoundedSums(Numbers& numbers, OutcomeCounts::Parts parts) {
  for (ExactSum* sum : {&parts.sum, &parts.sum_of_squares}) {
    sum->Add(numbers.Real());
    sum->Add(numbers.Real());
  }
  if (!numbers.Done()) return std::nullopt;
  return OutcomeCounts(parts);
}

std::optional<OutcomeCounts> ParseMetric(const std::string& part) {
  Numbers numbers(part);
  OutcomeCounts::Parts parts;
  parts.units = numbers.Whole();
  parts.outcomes = numbers.Whole();
  parts.matured_units = numbers.Whole();
  parts.other_units = numbers.Whole();
  constexpr size_t kWordsOfRoundedSums = 8;
  if (Words(part) == kWordsOfRoundedSums) return ParseRoundedSums(numbers, parts);
  for (ExactSum* sum : {&parts.sum, &parts.sum_of_squares, &parts.denominator_sum,
                        &parts.denominator_sum_of_squares, &parts.product_sum}) {
    *sum = numbers.Sum();
  }
  parts.histogram = numbers.Histogram();
  if (!numbers.Done()) return std::nullopt;
  return OutcomeCounts(parts);
}

std::optional<ArmCounts> ParseArm(const std::string& line) {
  const std::vector<std::string> parts = Split(line, ';');
  if (parts.empty()) return std::nullopt;
  Numbers numbers(parts[0]);
  ArmCounts arm;
  arm.exposed_units = numbers.Whole();
  arm.mixed_units = numbers.Whole();
  arm.matured_units = numbers.Whole();
  arm.fallback_outcomes = numbers.Whole();
  if (!numbers.Done()) return std::nullopt;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::optional<OutcomeCounts> metric = ParseMetric(parts[i]);
    if (!metric) return std::nullopt;
    arm.metrics.push_back(*metric);
  }
  return arm;
}

}  // namespace

std::string CountsText(const std::vector<ArmCounts>& arms) {
  std::string text;
  for (const ArmCounts& arm : arms) {
    text += fmt::format("{} {} {} {}", arm.exposed_units, arm.mixed_units, arm.matured_units,
                        arm.fallback_outcomes);
    for (const OutcomeCounts& metric : arm.metrics) {
      const OutcomeCounts::Parts& parts = metric.parts();
      text += fmt::format("; {} {} {} {} {} {} {} {} {} {}", parts.units, parts.outcomes,
                          parts.matured_units, parts.other_units, SumText(parts.sum),
                          SumText(parts.sum_of_squares), SumText(parts.denominator_sum),
                          SumText(parts.denominator_sum_of_squares), SumText(parts.product_sum),
                          HistogramText(parts.histogram));
    }
    text += '\n';
  }
  return text;
}

std::optional<std::vector<ArmCounts>> ParseCountsText(std::string_view text) {
  std::vector<ArmCounts> arms;
  for (const std::string& line : Split(text, '\n')) {
    std::optional<ArmCounts> arm = ParseArm(line);
    if (!arm) return std::nullopt;
    arms.push_back(*std::move(arm));
  }
  return arms;
}

}  // namespace flywheel::experiment
