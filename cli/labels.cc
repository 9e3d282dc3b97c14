#include "cli/labels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace flywheel::cli {

void AddLabelFlag(CLI::App& command, std::vector<std::string>& labels, const char* meaning) {
  command.add_option("--label", labels, meaning)->allow_extra_args(false);
}

void TakeLabels(const std::vector<std::string>& labels, LabelMap& taken) {
  for (const std::string& label : labels) {
    const size_t equals = label.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw CLI::ValidationError("--label", "got '" + label + "', want NAME=VALUE");
    }
    const std::string name = label.substr(0, equals);
    if (!taken.insert({name, label.substr(equals + 1)}).second) {
      throw CLI::ValidationError("--label", "got '" + name + "' twice, want each name once");
    }
  }
}

std::string LabelsText(const LabelMap& labels) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : labels) texts.push_back(fmt::format("{}={}", name, value));
  // A map of the contract has no order.
  std::sort(texts.begin(), texts.end());
  return texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace flywheel::cli
