// The command that shows which rows a dataset version left out, and why.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/retry.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

constexpr char kReasonPrefix[] = "REMOVAL_REASON_";
constexpr int kMaxListed = 1'000'000;
constexpr int kMaxPageSize = 1'000;

struct RemovedFlags {
  std::string dataset_version;
  std::string reason;
  int limit = 20;
  bool json = false;
  rpc::Target target;
  std::string project;
};

struct RemovedRows {
  std::vector<curation_v1::RemovedRow> rows;
  bool more = false;
};

// In any case, with '-' or '_'.
absl::StatusOr<curation_v1::RemovalReason> ReasonOf(const std::string& flag) {
  if (flag.empty()) return curation_v1::REMOVAL_REASON_UNSPECIFIED;
  std::string name = kReasonPrefix;
  for (const char c : flag) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  curation_v1::RemovalReason reason = curation_v1::REMOVAL_REASON_UNSPECIFIED;
  if (curation_v1::RemovalReason_Parse(name, &reason)) return reason;
  std::string known;
  for (int value = 1; value < curation_v1::RemovalReason_ARRAYSIZE; ++value) {
    const auto one = static_cast<curation_v1::RemovalReason>(value);
    known +=
        (value > 1 ? ", " : "") + ValueName(curation_v1::RemovalReason_Name(one), kReasonPrefix);
  }
  return errors::InvalidArgument("--reason", flag, "one of " + known);
}

absl::StatusOr<RemovedRows> List(const RemovedFlags& flags) {
  curation_v1::ListRemovedRowsRequest request;
  request.set_dataset_version_id(flags.dataset_version);
  ASSIGN_OR_RETURN(const curation_v1::RemovalReason reason, ReasonOf(flags.reason));
  request.set_reason(reason);
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  RemovedRows removed;
  do {
    request.set_page_size(
        std::min(kMaxPageSize, flags.limit - static_cast<int>(removed.rows.size())));
    curation_v1::ListRemovedRowsResponse response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel, {.total_timeout = absl::Seconds(30)},
        [&](grpc::ClientContext& context) {
          return stub->ListRemovedRows(&context, request, &response);
        },
        flags.project));
    removed.rows.insert(removed.rows.end(), response.removed_rows().begin(),
                        response.removed_rows().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(removed.rows.size()) < flags.limit);
  removed.more = !request.page_token().empty();
  return removed;
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

// "how many eggs; at the market", cut where a line would get long.
std::string PhrasesText(const curation_v1::RemovedRow& row) {
  constexpr size_t kMostBytes = 60;
  std::string text;
  for (const std::string& phrase : row.shared_phrases()) {
    if (!text.empty() && text.size() + phrase.size() > kMostBytes) break;
    text += (text.empty() ? "" : "; ") + phrase;
  }
  return OrDash(text);
}

std::string RemovedTable(const RemovedRows& removed) {
  Table table({{"INTERACTION"}, {"REASON"}, {"SCORE", true}, {"IN FAVOUR OF"}, {"BOTH SAY"}});
  for (const curation_v1::RemovedRow& row : removed.rows) {
    table.AddRow({row.interaction_id(),
                  ValueName(curation_v1::RemovalReason_Name(row.reason()), kReasonPrefix),
                  row.score() == 0 ? "-" : fmt::format("{:.2f}", row.score()),
                  OrDash(row.other_interaction_id()), PhrasesText(row)});
  }
  return table.Format();
}

int RunRemoved(const RemovedFlags& flags) {
  const absl::StatusOr<RemovedRows> removed = List(flags);
  if (!removed.ok()) return Fail(removed.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> lines = JsonLines(removed->rows);
    if (!lines.ok()) return Fail(lines.status());
    text = *lines;
  } else if (removed->rows.empty()) {
    text = flags.reason.empty() ? "no row was left out\n" : "no row was left out for that reason\n";
  } else {
    text = RemovedTable(*removed);
    if (removed->more) text += "and others: --limit shows more\n";
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

}  // namespace

void AddRemovedCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("removed",
                                               "Shows which rows a dataset version left out, "
                                               "relabelled or doubts, why, and in whose favour.\n"
                                               "With --json also what would bring a row back.");
  command->footer(std::string("Example: flywheel removed router-2024-05 --reason contaminated\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<RemovedFlags>();
  command->add_option("DATASET_VERSION", flags->dataset_version, "the version's id")->required();
  command->add_option("--reason", flags->reason,
                      "only for this reason, such as contaminated or exact-duplicate");
  command->add_option("--limit", flags->limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMaxListed).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "a JSON object a line, with all fields that are set");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] { run = [flags] { return RunRemoved(*flags); }; });
}

}  // namespace flywheel::cli
