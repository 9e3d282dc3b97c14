// The command that shows what a dataset version would take.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/message_json.h"
#include "cli/selection_flags.h"
#include "cli/selection_text.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

// It costs what a build costs.
constexpr absl::Duration kCandidatesTimeout = absl::Minutes(30);
constexpr int64_t kMostCandidates = 1'000'000;
// Of a text in a table, in bytes: enough to know it by.
constexpr size_t kShownBytes = 48;

struct CandidatesFlags {
  curation_v1::ListTrainingCandidatesRequest request;
  curation_v1::Selection selection;
  std::string min_tier = "silver";
  int64_t limit = 20;
  bool json = false;
  rpc::Target target;
  std::string project;
};

struct Candidates {
  curation_v1::DatasetVersion version;
  std::vector<curation_v1::DatasetRow> rows;
};

// Not resent after a failure: what it cost is spent.
absl::StatusOr<Candidates> ListCandidates(const CandidatesFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  grpc::ClientContext context;
  channel.Prepare(context, kCandidatesTimeout, flags.project);
  curation_v1::ListTrainingCandidatesRequest request = flags.request;
  if (flags.selection.ByteSizeLong() > 0) {
    *request.mutable_options()->mutable_selection() = flags.selection;
  }
  request.set_min_tier(TierOfWord(flags.min_tier));
  request.set_limit(flags.limit);
  const auto reader = stub->ListTrainingCandidates(&context, request);
  curation_v1::ListTrainingCandidatesResponse response;
  Candidates candidates;
  while (reader->Read(&response)) {
    if (response.has_version()) candidates.version = response.version();
    candidates.rows.insert(candidates.rows.end(), response.rows().begin(), response.rows().end());
  }
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  return candidates;
}

// Its first bytes, whole characters alone.
std::string Shortened(const std::string& text) {
  if (text.size() <= kShownBytes) return text;
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string CandidatesText(const Candidates& candidates) {
  const curation_v1::DatasetVersion& version = candidates.version;
  std::string text = fmt::format(
      "would take: {} to train on, {} to evaluate with, {} negative, of {} interactions that "
      "people reacted to\n",
      WithThousands(version.train_rows()), WithThousands(version.eval_rows()),
      WithThousands(version.negative_rows()), WithThousands(version.candidate_rows()));
  text += LeftOutText(version);
  if (candidates.rows.empty()) return text;
  Table table({{"TIER"}, {"SCORE", true}, {"SOURCE"}, {"INTERACTION"}, {"INPUT"}, {"IDEAL"}});
  for (const curation_v1::DatasetRow& row : candidates.rows) {
    table.AddRow({LowerWords(ValueName(curation_v1::Tier_Name(row.tier()), "TIER_")),
                  fmt::format("{:.2f}", row.score()),
                  LowerWords(ValueName(curation_v1::RowSource_Name(row.source()), "ROW_SOURCE_")),
                  row.interaction_id(), Shortened(row.input()), Shortened(row.ideal_output())});
  }
  return text + table.Format();
}

int RunCandidates(const CandidatesFlags& flags) {
  const absl::StatusOr<Candidates> candidates = ListCandidates(flags);
  if (!candidates.ok()) return Fail(candidates.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> lines = JsonLines(candidates->rows);
    if (!lines.ok()) return Fail(lines.status());
    text = *lines;
  } else {
    text = CandidatesText(*candidates);
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

}  // namespace

void AddCandidatesCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "candidates",
      "Shows what a dataset version of an agent would take now, the best rows first, without\n"
      "building it. The flags are those of 'flywheel build'; it costs what a build costs.");
  command->footer(
      std::string("Example: flywheel candidates --agent router --max-rows 5000 --min-tier gold\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<CandidatesFlags>();
  curation_v1::DatasetOptions& options = *flags->request.mutable_options();
  command->add_option("--agent", *options.mutable_agent(), "whose interactions would become rows")
      ->required();
  command
      ->add_option_function<double>(
          "--eval-share", [&options](double share) { options.set_eval_share(share); },
          "share of the sessions that would be kept for judging; default: 0.1")
      ->type_name("SHARE")
      ->check(CLI::Range(0.000001, 0.999999).description(""));
  command->add_option("--cohort-attribute", *options.mutable_cohort_attribute(),
                      "the attribute whose value is a row's cohort");
  command
      ->add_option_function<std::vector<std::string>>(
          "--group-attributes",
          [&options](const std::vector<std::string>& names) {
            options.mutable_group_attributes()->Add(names.begin(), names.end());
          },
          "attributes whose values keep interactions on one side; separated by commas")
      ->type_name("NAME,...")
      ->delimiter(',');
  command->add_flag_callback(
      "--skip-label-review", [&options] { options.set_skip_label_review(true); },
      "take reactions at their word: quicker, and for comparison only");
  AddSelectionFlags(*command, flags->selection);
  command->add_option("--min-tier", flags->min_tier, "show rows of this tier and better")
      ->type_name("platinum|gold|silver|bronze")
      ->check(OneOf({"platinum", "gold", "silver", "bronze"}))
      ->capture_default_str();
  command->add_option("--limit", flags->limit, "how many rows to show at most")
      ->type_name("N")
      ->check(CLI::Range(int64_t{1}, kMostCandidates).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "the rows alone, a JSON object a line, with all fields");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] { run = [flags] { return RunCandidates(*flags); }; });
}

}  // namespace flywheel::cli
