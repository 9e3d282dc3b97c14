// Measures redaction on the labelled set: ./dev bench redaction.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "redaction/pii_detector.h"
#include "redaction/redaction_config.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "tests/redaction/quality/figures.h"
#include "tests/redaction/quality/labelled_set.h"
#include "tests/redaction/quality/quality.h"
#include "tests/redaction/quality/speed.h"

namespace flywheel::redaction {
namespace {

struct Options {
  std::string source_dir = FLYWHEEL_SOURCE_DIR;
  std::string config;
  bool tune = false;
  std::string faults;
  bool markdown = false;
  bool no_speed = false;
};

void PrintFaults(const Quality& quality, const std::string& of) {
  for (const std::string& fault : quality.faults) {
    if (fault.rfind(of, 0) == 0) fmt::print("{}\n", fault);
  }
}

// Puts the tables where those of the last time stand in the documents.
absl::Status WriteTables(const std::string& source_dir, const std::string& tables) {
  constexpr std::string_view kBegin = "<!-- Written by ./dev bench redaction --markdown -->\n\n";
  constexpr std::string_view kEnd = "\n<!-- until here -->\n";
  const std::string path = source_dir + "/docs/redaction.md";
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  const size_t begin = text.find(kBegin);
  const size_t end = text.find(kEnd);
  if (begin == text.npos || end == text.npos || end < begin) {
    return absl::InvalidArgumentError(path + ": no lines that say where the tables stand");
  }
  const size_t tables_begin = begin + kBegin.size();
  text.replace(tables_begin, end - tables_begin, tables);
  std::ofstream written(path);
  written << text;
  if (!written.flush()) return absl::InternalError("cannot write " + path);
  fmt::print("{}", tables);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  RedactionConfig config;
  if (!options.config.empty()) {
    ASSIGN_OR_RETURN(config, ReadRedactionConfig(options.config));
  }
  ASSIGN_OR_RETURN(const PiiDetector detector, PiiDetector::Make(config));
  const bool tune = options.tune || !options.faults.empty();
  const Half half = tune ? Half::kTune : Half::kTest;
  ASSIGN_OR_RETURN(const LabelledSet set, ReadLabelledSet(options.source_dir, half));
  ASSIGN_OR_RETURN(const Quality quality, MeasureQuality(detector, set, half));
  if (options.markdown) return WriteTables(options.source_dir, MarkdownTable(quality));
  if (!options.faults.empty()) {
    PrintFaults(quality, options.faults);
    return absl::OkStatus();
  }
  fmt::print("The {} half: {} documents, {} conversations\n\n{}", tune ? "tune" : "test",
             set.documents.size(), set.conversations.size(), Report(quality));
  if (options.no_speed) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Speed> speeds, MeasureSpeeds(detector));
  fmt::print("\n{:<46} {:>7} {:>8}\n", "ONE CORE", "MB/s", "TARGET");
  for (const Speed& speed : speeds) {
    fmt::print("{:<46} {:>7.1f} {:>8.0f}{}\n", speed.name, speed.megabytes_per_second, speed.target,
               speed.megabytes_per_second < speed.target ? "  missed" : "");
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace flywheel::redaction

int main(int argc, char** argv) {
  using namespace flywheel;
  redaction::Options options;
  CLI::App app(
      "Measures redaction on the labelled set, and how fast it is.\n"
      "Example: flywheel-redaction-quality --faults NAME");
  app.add_option("--config", options.config, "a configuration of redaction, as ingest reads it");
  app.add_flag("--tune", options.tune,
               "the half of the set that recognisers may be tuned to; default: the other");
  app.add_option("--faults", options.faults,
                 "only print what went wrong in that half, where it begins with this word: a type, "
                 "'clean', 'answer', 'dialogue', 'ordinary'");
  app.add_flag("--markdown", options.markdown, "only write the tables of docs/redaction.md");
  app.add_flag("--no-speed", options.no_speed, "leave the speeds out");
  CLI11_PARSE(app, argc, argv);
  if (const absl::Status status = redaction::Run(options); !status.ok()) {
    fmt::print(stderr, "error: {}\n", errors::MessageOf(status));
    return 1;
  }
  return 0;
}
