// The command that follows what was made from what.
#include <fmt/format.h>

#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace common_v1 = common::v1;
namespace curation_v1 = curation::v1;

constexpr int kMaxSteps = 1'000'000;
constexpr absl::Duration kLineageTimeout = absl::Minutes(10);

struct LineageFlags {
  std::string interaction;
  std::string dataset_version;
  std::string training_run;
  std::string model_version;
  std::string agent;
  int limit = 50;
  bool json = false;
  rpc::Target target;
  std::string project;
};

common_v1::LineageNode Start(const LineageFlags& flags) {
  common_v1::LineageNode start;
  const auto take = [&](common_v1::LineageKind kind, const std::string& id) {
    if (id.empty()) return;
    start.set_kind(kind);
    start.set_id(id);
  };
  take(common_v1::LINEAGE_KIND_INTERACTION, flags.interaction);
  take(common_v1::LINEAGE_KIND_DATASET_VERSION, flags.dataset_version);
  take(common_v1::LINEAGE_KIND_TRAINING_RUN, flags.training_run);
  take(common_v1::LINEAGE_KIND_MODEL_VERSION, flags.model_version);
  start.set_agent(flags.agent);
  return start;
}

// One direction, as far as the limit goes.
struct Lineage {
  std::vector<common_v1::LineageEdge> edges;
  bool more = false;
};

absl::StatusOr<Lineage> Follow(const LineageFlags& flags, const rpc::Channel& channel,
                               common_v1::LineageDirection direction) {
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  curation_v1::GetLineageRequest request;
  *request.mutable_start() = Start(flags);
  request.set_direction(direction);
  grpc::ClientContext context;
  channel.Prepare(context, kLineageTimeout, flags.project);
  const auto reader = stub->GetLineage(&context, request);
  Lineage lineage;
  curation_v1::GetLineageResponse response;
  while (reader->Read(&response)) {
    lineage.more |= response.truncated();
    for (common_v1::LineageEdge& edge : *response.mutable_edges()) {
      if (static_cast<int>(lineage.edges.size()) == flags.limit) {
        // Of a million rows nobody wants to wait for the others.
        context.TryCancel();
        reader->Finish();
        lineage.more = true;
        return lineage;
      }
      lineage.edges.push_back(std::move(edge));
    }
  }
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  return lineage;
}

// "training run r1".
std::string NodeText(const common_v1::LineageNode& node) {
  std::string text = ValueName(common_v1::LineageKind_Name(node.kind()), "LINEAGE_KIND_");
  for (char& c : text) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  return text + " " + node.id();
}

std::string RelationText(common_v1::LineageRelation relation) {
  switch (relation) {
    case common_v1::LINEAGE_RELATION_TRAIN_ROW:
      return "train row of";
    case common_v1::LINEAGE_RELATION_EVAL_ROW:
      return "eval row of";
    case common_v1::LINEAGE_RELATION_TRAINED_ON:
      return "data of";
    case common_v1::LINEAGE_RELATION_TRAINED:
      return "made";
    case common_v1::LINEAGE_RELATION_BASE:
      return "base of";
    default:
      return "source of";
  }
}

std::string LineageTable(const std::string& heading, const Lineage& lineage) {
  if (lineage.edges.empty()) return heading + ": nothing\n";
  Table table({{"SOURCE"}, {"IS"}, {"RESULT"}});
  for (const common_v1::LineageEdge& edge : lineage.edges) {
    table.AddRow({NodeText(edge.source()), RelationText(edge.relation()), NodeText(edge.result())});
  }
  return heading + "\n" + table.Format() + (lineage.more ? "and more: --limit shows more\n" : "");
}

absl::StatusOr<std::string> LineageJson(const Lineage& lineage) {
  std::string text;
  for (const common_v1::LineageEdge& edge : lineage.edges) {
    ASSIGN_OR_RETURN(const std::string json, MessageJson(edge, "an edge"));
    text += json + "\n";
  }
  return text;
}

absl::StatusOr<std::string> BothDirections(const LineageFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  ASSIGN_OR_RETURN(const Lineage sources,
                   Follow(flags, channel, common_v1::LINEAGE_DIRECTION_SOURCES));
  ASSIGN_OR_RETURN(const Lineage results,
                   Follow(flags, channel, common_v1::LINEAGE_DIRECTION_RESULTS));
  if (!flags.json) {
    return LineageTable("made from", sources) + "\n" + LineageTable("made into", results);
  }
  ASSIGN_OR_RETURN(std::string text, LineageJson(sources));
  ASSIGN_OR_RETURN(const std::string rest, LineageJson(results));
  return text + rest;
}

int RunLineage(const LineageFlags& flags) {
  const absl::StatusOr<std::string> text = BothDirections(flags);
  if (!text.ok()) return Fail(text.status(), flags.target.address);
  const absl::Status output = WriteOutput(*text);
  return output.ok() ? kExitOk : Fail(output);
}

}  // namespace

void AddLineageCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "lineage",
      "Follows in both directions what was made from what: interactions become rows of dataset\n"
      "versions, training runs learn from those, model versions come of the runs or are made from\n"
      "other versions. What was erased is not shown; rows of the eval side need a service key.");
  command->footer(std::string("Example: flywheel lineage --model-version router-v2 --agent router\n"
                              "Example: flywheel lineage --interaction chat-1-turn-2\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<LineageFlags>();
  CLI::Option* const version = command->add_option("--model-version", flags->model_version,
                                                   "begin at this version; needs --agent");
  CLI::Option* const agent = command->add_option("--agent", flags->agent, "whose version it is");
  version->needs(agent);
  agent->needs(version);
  command->add_option("--training-run", flags->training_run, "begin at this training run");
  command->add_option("--dataset-version", flags->dataset_version, "begin at this dataset version");
  command->add_option("--interaction", flags->interaction, "begin at this interaction");
  command->add_option("--limit", flags->limit, "how many steps to show at most in a direction")
      ->type_name("N")
      ->check(CLI::Range(1, kMaxSteps).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "a JSON object a line: source, result and relation");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    const int starts = !flags->model_version.empty() + !flags->training_run.empty() +
                       !flags->dataset_version.empty() + !flags->interaction.empty();
    if (starts != 1) {
      throw CLI::RequiredError(
          "one of --model-version (with --agent), --training-run, --dataset-version and "
          "--interaction");
    }
    run = [flags] { return RunLineage(*flags); };
  });
}

}  // namespace flywheel::cli
