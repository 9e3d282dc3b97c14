#include "cli/selection_flags.h"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "cli/command.h"
#include "cli/selection_text.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

using Texts = std::vector<std::string>;

constexpr int64_t kMostRows = 10'000'000;

// One that may be given again.
CLI::Option* AddTexts(CLI::App& command, const char* flag, const char* help,
                      const std::function<void(const Texts&)>& take) {
  return command.add_option_function<Texts>(flag, take, help)->allow_extra_args(false);
}

// NAME=VALUE; a name may hold the sign where it comes from the last one on.
std::pair<std::string, std::string> Pair(const char* flag, const std::string& text, size_t equals) {
  if (equals == 0 || equals == std::string::npos) {
    throw CLI::ValidationError(flag, "got '" + text + "', want NAME=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

curation_v1::RowSource SourceOf(const std::string& word) {
  curation_v1::RowSource source = curation_v1::ROW_SOURCE_UNSPECIFIED;
  if (curation_v1::RowSource_Parse(EnumName("ROW_SOURCE_", word), &source) &&
      source != curation_v1::ROW_SOURCE_UNSPECIFIED) {
    return source;
  }
  throw CLI::ValidationError(
      "--source", fmt::format("got '{}', want one of user-correction, staff-correction, "
                              "user-approved, staff-approved, user-accepted, relabelled, "
                              "rejected-output, synthetic",
                              word));
}

google::protobuf::Timestamp TimeOf(const char* flag, const std::string& text) {
  const auto time = ParseTimeText(text);
  if (time) return rpc::ToProto(*time);
  throw CLI::ValidationError(
      flag, fmt::format("got '{}', want a time such as 2026-11-21T12:00:00Z", text));
}

void AddFilterFlags(CLI::App& command, curation_v1::Selection& selection) {
  AddTexts(command, "--model-version", "only what this version answered; may be given again",
           [&](const Texts& versions) {
             for (const auto& version : versions) {
               selection.mutable_filter()->add_model_versions(version);
             }
           });
  AddTexts(command, "--prompt-version", "only what this prompt answered; may be given again",
           [&](const Texts& versions) {
             for (const auto& version : versions) {
               selection.mutable_filter()->add_prompt_versions(version);
             }
           });
  AddTexts(command, "--attribute", "only interactions that have this attribute; may be given again",
           [&](const Texts& attributes) {
             for (const auto& text : attributes) {
               auto [name, value] = Pair("--attribute", text, text.find('='));
               (*selection.mutable_filter()->mutable_labels())[name] = std::move(value);
             }
           })
      ->type_name("NAME=VALUE");
  AddTexts(command, "--source", "only rows whose ideal output comes from here; may be given again",
           [&](const Texts& words) {
             for (const auto& word : words) selection.mutable_filter()->add_sources(SourceOf(word));
           })
      ->type_name("SOURCE");
  AddTexts(command, "--tier", "only rows of this tier; may be given again",
           [&](const Texts& words) {
             for (const auto& word : words) {
               selection.mutable_filter()->add_tiers(TierOfWord(word));
             }
           })
      ->type_name("platinum|gold|silver|bronze")
      ->check(OneOf({"platinum", "gold", "silver", "bronze"}));
  command.add_option_function<std::string>(
      "--since",
      [&](const std::string& text) {
        *selection.mutable_filter()->mutable_start_time_from() = TimeOf("--since", text);
      },
      "only interactions that began at this time or later, such as 2026-11-21T12:00:00Z");
  command.add_option_function<std::string>(
      "--until",
      [&](const std::string& text) {
        *selection.mutable_filter()->mutable_start_time_before() = TimeOf("--until", text);
      },
      "only interactions that began before this time");
}

// --max-rows.
CLI::Option* AddBudgetFlags(CLI::App& command, curation_v1::Selection& selection) {
  CLI::Option* const max_rows =
      command
          .add_option_function<int64_t>(
              "--max-rows", [&](int64_t rows) { selection.mutable_budget()->set_max_rows(rows); },
              "how many rows of the train side at most: 4 % platinum, 20 % gold, 50 % silver, "
              "10 %\nbronze; not given: all")
          ->type_name("N")
          ->check(CLI::Range(int64_t{1}, kMostRows).description(""));
  command
      .add_option_function<int64_t>(
          "--seed", [&](int64_t seed) { selection.mutable_budget()->set_seed(seed); },
          "another seed draws other rows; default: 0")
      ->type_name("N")
      ->needs(max_rows);
  command
      .add_flag_callback(
          "--fill", [&] { selection.mutable_budget()->set_fill(true); },
          "fill what tiers leave of --max-rows with rows of others, the best first")
      ->needs(max_rows);
  return max_rows;
}

void AddSegmentFlags(CLI::App& command, curation_v1::Selection& selection, CLI::Option* max_rows) {
  command.add_option_function<std::string>(
      "--segment-attribute",
      [&](const std::string& name) { selection.mutable_segments()->set_attribute(name); },
      "the attribute whose values are the segments of what follows; default: "
      "--cohort-attribute");
  command
      .add_option_function<double>(
          "--max-share", [&](double share) { selection.mutable_segments()->set_max_share(share); },
          "the largest share of a segment of the rows that are taken")
      ->type_name("SHARE")
      ->check(CLI::Range(0.01, 1.0).description(""));
  AddTexts(command, "--segment-weight",
           "how much likelier than others a segment's rows are drawn; may be given again",
           [&](const Texts& weights) {
             for (const auto& text : weights) {
               const auto [name, value] = Pair("--segment-weight", text, text.rfind('='));
               double weight = 0;
               if (!absl::SimpleAtod(value, &weight) || !(weight >= 0.001 && weight <= 1'000)) {
                 throw CLI::ValidationError("--segment-weight",
                                            "got '" + text + "', want SEGMENT=0.001 to 1000");
               }
               (*selection.mutable_segments()->mutable_weights())[name] = weight;
             }
           })
      ->type_name("SEGMENT=WEIGHT")
      ->needs(max_rows);
  command
      .add_flag_callback(
          "--weight-by-use", [&] { selection.mutable_segments()->set_weight_by_use(true); },
          "draw every other segment by its share of the agent's interactions over its share of "
          "the rows")
      ->needs(max_rows);
  command
      .add_option_function<double>(
          "--max-weight",
          [&](double weight) { selection.mutable_segments()->set_max_weight(weight); },
          "no weight counts as more, none as less than its inverse; default: 10")
      ->type_name("WEIGHT")
      ->check(CLI::Range(1.0, 1'000.0).description(""));
}

}  // namespace

void AddSelectionFlags(CLI::App& command, curation_v1::Selection& selection) {
  AddFilterFlags(command, selection);
  AddSegmentFlags(command, selection, AddBudgetFlags(command, selection));
  command
      .add_option_function<int64_t>(
          "--max-synthetic",
          [&](int64_t rows) { selection.mutable_synthetic()->set_max_rows(rows); },
          "how many synthetic rows at most while there is no real one; they fall to none at 2,000 "
          "real\nones, and none stands on the eval side; not given: all, on both")
      ->type_name("N")
      ->check(CLI::Range(int64_t{1}, kMostRows).description(""));
}

}  // namespace flywheel::cli
