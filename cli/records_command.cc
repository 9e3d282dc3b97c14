// The command that gives people what is held of them.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <type_traits>

#include "cli/command.h"
#include "cli/message_json.h"
#include "cli/subject_flags.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace ingest_v1 = ingest::v1;

// A person with a million records takes minutes.
constexpr absl::Duration kExportTimeout = absl::Hours(1);

struct RecordsFlags {
  SubjectFlags subject;
  rpc::Target target;
  std::string project;
};

// One line, {"KIND": RECORD}; `output` is what standard output failed with.
template <typename Record>
absl::Status Print(const char* kind, const Record& record, absl::Status& output) {
  google::protobuf::util::JsonPrintOptions options;
  // A refusal is a field that is false, which JSON would leave out.
  options.always_print_primitive_fields = std::is_same_v<Record, ingest_v1::Consent>;
  ASSIGN_OR_RETURN(const std::string json, MessageJson(record, "a record", options));
  output = WriteOutput(fmt::format("{{\"{}\":{}}}\n", kind, json));
  return output;
}

absl::Status PrintAll(const ingest_v1::ExportRecordsResponse& response, absl::Status& output) {
  for (const auto& consent : response.consents()) {
    RETURN_IF_ERROR(Print("consent", consent, output));
  }
  for (const auto& interaction : response.interactions()) {
    RETURN_IF_ERROR(Print("interaction", interaction, output));
  }
  for (const auto& signal : response.signals()) {
    RETURN_IF_ERROR(Print("signal", signal, output));
  }
  return absl::OkStatus();
}

// Not resent after a failure: part of the lines may be out already.
absl::Status Export(const RecordsFlags& flags, absl::Status& output) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = ingest_v1::PrivacyService::NewStub(channel.get());
  grpc::ClientContext context;
  channel.Prepare(context, kExportTimeout, flags.project);
  ingest_v1::ExportRecordsRequest request;
  flags.subject.Set(request);
  const auto reader = stub->ExportRecords(&context, request);
  ingest_v1::ExportRecordsResponse response;
  int64_t records = 0;
  while (reader->Read(&response)) {
    absl::Status printed = PrintAll(response, output);
    if (!printed.ok()) {
      context.TryCancel();
      reader->Finish();
      return printed;
    }
    records += response.interactions_size() + response.signals_size() + response.consents_size();
  }
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  output = FlushOutput();
  RETURN_IF_ERROR(output);
  if (records == 0) std::fprintf(stderr, "Nothing is held under this id in this project.\n");
  return absl::OkStatus();
}

int RunRecords(const RecordsFlags& flags) {
  absl::Status output;
  const absl::Status status = Export(flags, output);
  if (status.ok()) return kExitOk;
  return output.ok() ? Fail(status, flags.target.address) : Fail(output);
}

}  // namespace

void AddRecordsCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "records",
      "Writes what ingest holds of a person, a session or an interaction to standard output, a "
      "record\n"
      "a line as JSON: {\"interaction\": ...}, {\"signal\": ...} or {\"consent\": ...}, as it is "
      "stored,\n"
      "with pseudonyms and without what redaction replaced. It is what 'flywheel erase' would "
      "take.\n"
      "Exit code 0 means that it is complete. With keys, it takes one of role operator.");
  command->footer(
      std::string("Example: flywheel records --user alice@example.com > alice.jsonl\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<RecordsFlags>();
  AddSubjectFlags(*command, flags->subject,
                  {.session = "a session, whoever's", .interaction = "one interaction"});
  AddAddressFlags(*command, {{Service::kIngest, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    RequireSubject(flags->subject);
    run = [flags] { return RunRecords(*flags); };
  });
}

}  // namespace flywheel::cli
