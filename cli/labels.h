// Labels of resources on the command line.
#ifndef FLYWHEEL_CLI_LABELS_H_
#define FLYWHEEL_CLI_LABELS_H_

#include <google/protobuf/map.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace flywheel::cli {

using LabelMap = google::protobuf::Map<std::string, std::string>;

// Adds --label, which may be repeated.
void AddLabelFlag(CLI::App& command, std::vector<std::string>& labels, const char* meaning);

// Labels are written NAME=VALUE, each name once; everything else ends the parsing with an error.
void TakeLabels(const std::vector<std::string>& labels, LabelMap& taken);

// For a table: "branch=main, sha=0a1b", by name; "-" where there are none.
std::string LabelsText(const LabelMap& labels);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_LABELS_H_
