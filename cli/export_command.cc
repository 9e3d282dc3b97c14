#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

constexpr char kTrain[] = "train";
constexpr char kEval[] = "eval";
constexpr char kBoth[] = "both";
constexpr char kChatLines[] = "openai-chat";
constexpr char kPromptCompletionLines[] = "prompt-completion";
constexpr char kPreferenceLines[] = "preference";
constexpr char kUnpairedLines[] = "unpaired-preference";
constexpr char kParquet[] = "parquet";
// A version of a million rows takes minutes.
constexpr absl::Duration kExportTimeout = absl::Hours(1);

struct ExportFlags {
  std::string dataset_version;
  std::string split = kTrain;
  std::string format = kChatLines;
  bool contexts = false;
  bool metadata = false;
  rpc::Target target;
  std::string project;
};

curation_v1::ExportFormat FormatOf(const std::string& name) {
  if (name == kPromptCompletionLines) return curation_v1::EXPORT_FORMAT_PROMPT_COMPLETION;
  if (name == kPreferenceLines) return curation_v1::EXPORT_FORMAT_PREFERENCE;
  if (name == kParquet) return curation_v1::EXPORT_FORMAT_PARQUET;
  if (name == kUnpairedLines) return curation_v1::EXPORT_FORMAT_UNPAIRED_PREFERENCE;
  return curation_v1::EXPORT_FORMAT_OPENAI_CHAT;
}

// Not resent after a failure: part of the lines may be out already. `output` is what standard
// output failed with; no service is to blame then.
absl::Status Export(const ExportFlags& flags, absl::Status& output) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  grpc::ClientContext context;
  channel.Prepare(context, kExportTimeout, flags.project);
  curation_v1::ExportDatasetRequest request;
  request.set_dataset_version_id(flags.dataset_version);
  if (flags.split == kTrain) request.set_split(curation_v1::SPLIT_TRAIN);
  if (flags.split == kEval) request.set_split(curation_v1::SPLIT_EVAL);
  request.set_format(FormatOf(flags.format));
  request.set_include_metadata(flags.metadata);
  request.set_include_contexts(flags.contexts);
  const auto reader = stub->ExportDataset(&context, request);
  curation_v1::ExportDatasetResponse response;
  while (reader->Read(&response)) {
    output = WriteOutput(flags.format == kParquet ? response.parquet() : response.jsonl());
    if (!output.ok()) {
      context.TryCancel();
      reader->Finish();
      return output;
    }
  }
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  output = FlushOutput();
  return output;
}

int RunExport(const ExportFlags& flags) {
  absl::Status output;
  const absl::Status status = Export(flags, output);
  if (status.ok()) return kExitOk;
  if (!output.ok()) return Fail(output);
  if (absl::IsPermissionDenied(status) && flags.split != kTrain) {
    // The server's words are those of the contract.
    std::fprintf(stderr,
                 "error: --split %s: this key may not read the eval side, which needs one of role "
                 "service (--key-file). '--split train' does with any key.\n",
                 flags.split.c_str());
    return kExitFailed;
  }
  return Fail(status, flags.target.address);
}

}  // namespace

void AddExportCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "export",
      "Writes a dataset version to standard output, a JSON object a line. Exit code 0 means that "
      "it "
      "is\ncomplete.\n"
      "  openai-chat          OpenAI's fine-tuning format: {\"messages\": [...], \"tools\": "
      "[...]}\n"
      "  prompt-completion    TRL's conversational format for open models, as their chat templates "
      "want it:\n"
      "                       {\"prompt\": [...], \"completion\": [...], \"tools\": [...]}\n"
      "  preference           the same for DPO: {\"prompt\": [...], \"chosen\": [...], "
      "\"rejected\": "
      "[...]}\n"
      "  unpaired-preference  the same for KTO: {\"prompt\": [...], \"completion\": [...], "
      "\"label\": "
      "true}"
      "\n  parquet              a file of Apache Parquet with all fields of all rows, for tables");
  command->footer(
      std::string("Example: flywheel export router-2024-05 --split train > train.jsonl\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<ExportFlags>();
  command->add_option("DATASET_VERSION", flags->dataset_version, "the version's id")->required();
  command->add_option("--split", flags->split, "which side; the eval side needs a service key")
      ->type_name("train|eval|both")
      ->check(OneOf({kTrain, kEval, kBoth}))
      ->capture_default_str();
  command->add_option("--format", flags->format, "what a line is")
      ->type_name("openai-chat|prompt-completion|preference|unpaired-preference|parquet")
      ->check(
          OneOf({kChatLines, kPromptCompletionLines, kPreferenceLines, kUnpairedLines, kParquet}))
      ->capture_default_str();
  command->add_flag(
      "--contexts", flags->contexts,
      "also what was retrieved: {\"contexts\": [{\"document_id\": ..., \"text\": ...,\n"
      "\"score\": ..., \"age_s\": ...}]}; with prompt-completion alone");
  command->add_flag(
      "--metadata", flags->metadata,
      "openai-chat alone: also {\"metadata\": {\"interaction_id\": ..., \"tier\": ...}}, "
      "which\nOpenAI's validator refuses and the other formats have always");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    if (flags->contexts && flags->format != kPromptCompletionLines) {
      throw CLI::ValidationError("--contexts",
                                 "want --format prompt-completion: OpenAI's format "
                                 "has no place for them");
    }
    if (flags->metadata && flags->format != kChatLines) {
      throw CLI::ValidationError("--metadata",
                                 "want --format openai-chat: the other formats have it always");
    }
    run = [flags] { return RunExport(*flags); };
  });
}

}  // namespace flywheel::cli
