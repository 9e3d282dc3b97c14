// The command that builds a dataset version.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/selection_flags.h"
#include "cli/selection_text.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

// Of one stream. The build itself takes as long as it takes.
constexpr absl::Duration kWatchTimeout = absl::Hours(1);

struct BuildFlags {
  std::string dataset_version;
  std::string agent;
  // 0: the service's default.
  double eval_share = 0;
  std::string cohort_attribute;
  std::vector<std::string> group_attributes;
  // 0: the service's default.
  double block_similarity = 0;
  double review_similarity = 0;
  double max_person_share = 0;
  bool skip_label_review = false;
  curation_v1::Selection selection;
  std::string min_feed_token;
  bool no_wait = false;
  rpc::Target target;
  std::string project;
};

absl::StatusOr<curation_v1::DatasetVersion> Begin(const BuildFlags& flags,
                                                  const rpc::Channel& channel) {
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  curation_v1::BuildDatasetVersionRequest request;
  request.set_dataset_version_id(flags.dataset_version);
  request.set_min_feed_token(flags.min_feed_token);
  request.mutable_options()->set_agent(flags.agent);
  request.mutable_options()->set_eval_share(flags.eval_share);
  request.mutable_options()->set_cohort_attribute(flags.cohort_attribute);
  request.mutable_options()->set_skip_label_review(flags.skip_label_review);
  request.mutable_options()->mutable_group_attributes()->Add(flags.group_attributes.begin(),
                                                             flags.group_attributes.end());
  request.mutable_options()->set_block_similarity(flags.block_similarity);
  request.mutable_options()->set_review_similarity(flags.review_similarity);
  request.mutable_options()->set_max_person_share(flags.max_person_share);
  if (flags.selection.ByteSizeLong() > 0) {
    *request.mutable_options()->mutable_selection() = flags.selection;
  }
  curation_v1::BuildDatasetVersionResponse response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.total_timeout = absl::Seconds(10)},
      [&](grpc::ClientContext& context) {
        return stub->BuildDatasetVersion(&context, request, &response);
      },
      flags.project));
  return response.dataset_version();
}

// "waiting for feed", and why it does not come.
std::string StageText(const curation_v1::BuildProgress& progress) {
  std::string text =
      LowerWords(ValueName(curation_v1::BuildStage_Name(progress.stage()), "BUILD_STAGE_"));
  if (!progress.detail().empty()) text += ": " + Printable(progress.detail());
  return text;
}

// Until the build has ended. A stream that breaks off is opened again, because the build goes on.
absl::StatusOr<curation_v1::DatasetVersion> Watch(const BuildFlags& flags,
                                                  const rpc::Channel& channel) {
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  curation_v1::WatchDatasetVersionRequest request;
  request.set_dataset_version_id(flags.dataset_version);
  curation_v1::DatasetVersion version;
  std::string shown;
  ProgressLine line;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.attempt_timeout = kWatchTimeout, .total_timeout = kWatchTimeout},
      [&](grpc::ClientContext& context) {
        const auto reader = stub->WatchDatasetVersion(&context, request);
        curation_v1::WatchDatasetVersionResponse response;
        while (reader->Read(&response)) {
          version = response.dataset_version();
          if (!version.has_progress()) continue;
          const curation_v1::BuildProgress& progress = version.progress();
          if (std::string stage = StageText(progress); stage != shown) {
            shown = std::move(stage);
            std::fprintf(stderr, "%s\n", shown.c_str());
          }
          if (progress.rows() > 0) line.Show("rows", progress.written_rows(), progress.rows());
        }
        return reader->Finish();
      },
      flags.project));
  return version;
}

absl::StatusOr<curation_v1::DatasetVersion> Build(const BuildFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  ASSIGN_OR_RETURN(curation_v1::DatasetVersion version, Begin(flags, channel));
  const bool building = version.state() == curation_v1::DATASET_VERSION_STATE_BUILDING;
  return building && !flags.no_wait ? Watch(flags, channel) : version;
}

int RunBuild(const BuildFlags& flags) {
  const absl::StatusOr<curation_v1::DatasetVersion> version = Build(flags);
  if (!version.ok()) return Fail(version.status(), flags.target.address);
  const std::string id = Printable(version->dataset_version_id());
  switch (version->state()) {
    case curation_v1::DATASET_VERSION_STATE_READY:
      std::printf("%s: READY; rows: %s to train on, %s to evaluate with, %s negative\n", id.c_str(),
                  WithThousands(version->train_rows()).c_str(),
                  WithThousands(version->eval_rows()).c_str(),
                  WithThousands(version->negative_rows()).c_str());
      std::fputs(LeftOutText(*version).c_str(), stdout);
      return kExitOk;
    case curation_v1::DATASET_VERSION_STATE_FAILED:
      std::fprintf(
          stderr, "error: %s: %s: %s\n", id.c_str(),
          ValueName(common::v1::ErrorReason_Name(version->failure().reason()), "ERROR_REASON_")
              .c_str(),
          Printable(version->failure().message()).c_str());
      return kExitFailed;
    case curation_v1::DATASET_VERSION_STATE_CANCELLED:
      std::fprintf(stderr, "error: %s: CANCELLED%s%s: %s. The same command builds it anew.\n",
                   id.c_str(), version->cancelled_by().empty() ? "" : " by ",
                   Printable(version->cancelled_by()).c_str(),
                   Printable(version->cancel_reason()).c_str());
      return kExitFailed;
    default:
      std::printf("%s: BUILDING. The same command without --no-wait follows it.\n", id.c_str());
      return kExitOk;
  }
}

}  // namespace

void AddBuildCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "build",
      "Builds a dataset version of an agent from all that was read so far, and shows how far it\n"
      "is. The build goes on when the command is interrupted; the same command follows it again.");
  command->footer(
      std::string("Example: flywheel build router-2024-05 --agent router --eval-share 0.2\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<BuildFlags>();
  command->add_option("DATASET_VERSION", flags->dataset_version, "the new version's id")
      ->required();
  command->add_option("--agent", flags->agent, "whose interactions become rows")->required();
  command
      ->add_option("--eval-share", flags->eval_share,
                   "share of the sessions that are kept for judging; default: 0.1")
      ->type_name("SHARE")
      ->check(CLI::Range(0.000001, 0.999999).description(""));
  command->add_option("--cohort-attribute", flags->cohort_attribute,
                      "the attribute whose value is a row's cohort");
  command
      ->add_option("--group-attributes", flags->group_attributes,
                   "attributes whose values keep interactions on one side: a task, a template, "
                   "user_id; separated by commas")
      ->type_name("NAME,...")
      ->delimiter(',');
  command
      ->add_option("--block-similarity", flags->block_similarity,
                   "how alike an eval row is at least that a train row leaves; default: 0.5")
      ->type_name("COSINE")
      ->check(CLI::Range(0.000001, 1.0).description(""));
  command
      ->add_option("--review-similarity", flags->review_similarity,
                   "from here on it is for people to look at; default: 0.4")
      ->type_name("COSINE")
      ->check(CLI::Range(0.000001, 1.0).description(""));
  command
      ->add_option(
          "--max-person-share", flags->max_person_share,
          "of the rows, of a label and of a tier that one person may have; default: 0.01,\n"
          "and always 20 rows")
      ->type_name("SHARE")
      ->check(CLI::Range(0.000001, 1.0).description(""));
  command->add_flag("--skip-label-review", flags->skip_label_review,
                    "take reactions at their word; for comparison only");
  AddSelectionFlags(*command, flags->selection);
  command->add_option("--min-feed-token", flags->min_feed_token,
                      "begin when the feed was read up to here: commit_token of an answer of "
                      "ingest");
  command->add_flag("--no-wait", flags->no_wait, "begin it and leave");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] { run = [flags] { return RunBuild(*flags); }; });
}

}  // namespace flywheel::cli
