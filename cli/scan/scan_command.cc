// `flywheel scan --store`: what today's recognisers find in what ingest has stored.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/scan/scan_patience.h"
#include "cli/scan/scan_report.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "flywheel/ingest/v1/store_scan_service.grpc.pb.h"
#include "shared/ids/uuid.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/retry.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace ingest_v1 = ingest::v1;

// As grep and diff have them, and `flywheel redact --check`.
constexpr int kExitScanFound = 1;
constexpr int kExitScanError = 2;

// A scan that is cut short goes on where it was, so an attempt may be as long as it likes.
constexpr absl::Duration kScanAttemptTimeout = absl::Hours(6);
constexpr absl::Duration kScanTotalTimeout = absl::Hours(24);
// A service that is not there is told at once.
constexpr absl::Duration kScanProbeTimeout = absl::Seconds(5);

struct ScanFlags {
  bool store = false;
  bool rewrite = false;
  bool all_projects = false;
  bool json = false;
  std::string scan_id;
  rpc::Target target;
  std::string project;
};

// Whether there is a service that takes the key; the scan's receipt need not be there.
absl::Status ProbeForScan(const rpc::Channel& channel, const ScanFlags& flags) {
  const auto stub = ingest_v1::PrivacyService::NewStub(channel.get());
  ingest_v1::GetErasureRequest request;
  request.set_erasure_id(flags.scan_id);
  ingest_v1::GetErasureResponse response;
  const absl::Status status = rpc::CallWithRetry(
      channel, {.total_timeout = kScanProbeTimeout},
      [&](grpc::ClientContext& context) { return stub->GetErasure(&context, request, &response); },
      flags.project);
  return errors::ReasonOf(status) == Reason::kNotFound ? absl::OkStatus() : status;
}

void TellOfRetry(const absl::Status& status, absl::Duration delay) {
  std::fprintf(stderr, "waiting %.1f s, then going on: %s\n", absl::ToDoubleSeconds(delay),
               Printable(errors::MessageOf(status)).c_str());
}

absl::StatusOr<ScanReport> ScanStore(const ScanFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  RETURN_IF_ERROR(ProbeForScan(channel, flags));
  // What was begun goes on from where it was, when it is asked for again.
  std::fprintf(stderr, "scan id: %s\n", flags.scan_id.c_str());
  const auto stub = ingest_v1::StoreScanService::NewStub(channel.get());
  ingest_v1::ScanStoreRequest request;
  request.set_scan_id(flags.scan_id);
  request.set_rewrite(flags.rewrite);
  request.set_all_projects(flags.all_projects);
  ScanReport report;
  ProgressLine progress;
  ScanPatience patience([] { return absl::Now(); });
  bool gave_up = false;
  const absl::Status status = rpc::CallWithRetry(
      channel,
      {.attempt_timeout = kScanAttemptTimeout,
       .total_timeout = kScanTotalTimeout,
       .on_retry = TellOfRetry,
       .gives_up = [&] { return gave_up = patience.IsOver(); }},
      [&](grpc::ClientContext& context) {
        report = ScanReport{flags.scan_id, flags.rewrite};
        const auto reader = stub->ScanStore(&context, request);
        ingest_v1::ScanStoreResponse response;
        while (reader->Read(&response)) {
          const ingest_v1::StoreScan& scan = response.scan();
          patience.Note(scan);
          progress.Show("records of " + scan.project(), scan.records(), scan.stored_records());
          if (scan.complete()) report.projects.push_back(scan);
        }
        return reader->Finish();
      },
      flags.project);
  if (gave_up) {
    std::fprintf(stderr,
                 "No further record in %.0f minutes. Mend what the error names; then the same "
                 "command with --scan-id %s goes on where this one was.\n",
                 absl::ToDoubleMinutes(ScanPatience::kMax), flags.scan_id.c_str());
  }
  RETURN_IF_ERROR(status);
  return report;
}

absl::StatusOr<int> ScanAndPrint(const ScanFlags& flags) {
  ASSIGN_OR_RETURN(const ScanReport report, ScanStore(flags));
  RETURN_IF_ERROR(WriteOutput(flags.json ? ScanJson(report) : ScanTables(report)));
  RETURN_IF_ERROR(FlushOutput());
  return report.leaves_something() ? kExitScanFound : kExitOk;
}

int RunScan(ScanFlags flags) {
  if (flags.scan_id.empty()) flags.scan_id = "scan-" + NewUuidV7(absl::Now());
  const absl::StatusOr<int> code = ScanAndPrint(flags);
  if (code.ok()) return *code;
  Fail(code.status(), flags.target.address);
  return kExitScanError;
}

}  // namespace

void AddScanCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("scan",
                                               "Counts what the recognisers that ingest runs with "
                                               "now find in the records that it has stored\n"
                                               "already, by project and type, and replaces it "
                                               "where that is asked for. Never prints a value.\n"
                                               "With keys, it takes one of role operator.");
  command->footer(
      "Example: flywheel scan --store                  after an upgrade, or other recognisers\n"
      "  flywheel scan --store --rewrite             replaces what is found; cannot be undone\n"
      "  flywheel scan --store --rewrite --scan-id march\n"
      "                                              again: goes on where it was cut short\n"
      "  flywheel scan --store --all-projects --json | jq '.projects[].found'\n"
      "  flywheel erasure march                      which readers have replaced their copies\n"
      "Exit codes: 0 the store holds nothing that would be replaced; 1 it does: with --rewrite, "
      "what "
      "a\n"
      "legal hold keeps; 2 an error or wrong usage.");
  const auto flags = std::make_shared<ScanFlags>();
  command
      ->add_flag("--store", flags->store, "what ingest has stored; there is nothing else to scan")
      ->required();
  command->add_flag("--rewrite", flags->rewrite,
                    "replace what is found, here and, as they follow, in ingest's readers");
  command->add_option("--scan-id", flags->scan_id,
                      "the scan's id; the same one again goes on with the same scan, or shows what "
                      "it\nfound. Default: a new one");
  command->add_flag("--all-projects", flags->all_projects,
                    "every project of the store; takes a key for all projects");
  command->add_flag("--json", flags->json, "what was found as JSON");
  AddAddressFlags(*command, {{Service::kIngest, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] { run = [flags] { return RunScan(*flags); }; });
}

}  // namespace flywheel::cli
