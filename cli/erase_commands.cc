// The commands that erase people, sessions and interactions: erase, and erasure for its receipt.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/subject_flags.h"
#include "cli/table.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/ids/uuid.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/retry.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace ingest_v1 = ingest::v1;

// Ingest answers when its own store is clean, which takes minutes for millions of records.
constexpr absl::Duration kAttemptTimeout = absl::Minutes(10);
constexpr absl::Duration kTotalTimeout = absl::Hours(1);
// A service that is not there is told at once.
constexpr absl::Duration kProbeTimeout = absl::Seconds(5);

struct EraseFlags {
  SubjectFlags subject;
  std::string erasure_id;
  rpc::Target target;
  std::string project;
};

template <typename Request, typename Response>
using Method = grpc::Status (ingest_v1::PrivacyService::Stub::*)(grpc::ClientContext*,
                                                                 const Request&, Response*);

// One call of PrivacyService, and the receipt that it answers with.
template <typename Request, typename Response>
absl::StatusOr<ingest_v1::Erasure> Ask(const EraseFlags& flags, Method<Request, Response> method,
                                       const Request& request, const rpc::RetryPolicy& policy) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = ingest_v1::PrivacyService::NewStub(channel.get());
  Response response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, policy,
      [&](grpc::ClientContext& context) {
        return (stub.get()->*method)(&context, request, &response);
      },
      flags.project));
  return response.erasure();
}

std::string TimeText(bool is_set, const google::protobuf::Timestamp& time) {
  return is_set ? SecondsText(rpc::FromProto(time)) : "not yet";
}

// "1 signal", "2,000 signals".
std::string Counted(int64_t count, const char* noun) {
  return fmt::format("{} {}{}", WithThousands(count), noun, count == 1 ? "" : "s");
}

// The flags that lead to the same service and project again.
std::string TargetFlags(const EraseFlags& flags) {
  std::string text;
  const auto add = [&text](const char* flag, const std::string& value) {
    if (!value.empty()) text += fmt::format(" {} {}", flag, value);
  };
  const rpc::Target& target = flags.target;
  add("--address", target.address == DefaultAddress(Service::kIngest) ? "" : target.address);
  add("--project", flags.project);
  add("--key-file", target.key_file);
  add("--ca-file", target.ca_file);
  add("--certificate-file", target.certificate_file);
  add("--certificate-key-file", target.certificate_key_file);
  return text;
}

// What left, in words; waiting spans where there were any.
std::string LeftText(const ingest_v1::Erasure& erasure) {
  const std::string interactions = Counted(erasure.interactions(), "interaction");
  const std::string signals = Counted(erasure.signals(), "signal");
  if (erasure.waiting_spans() == 0) return fmt::format("{} and {}", interactions, signals);
  return fmt::format("{}, {} and {}", interactions, signals,
                     Counted(erasure.waiting_spans(), "waiting span"));
}

// The subject in words, and by what it is found.
struct SubjectText {
  const char* noun;
  const char* id;
};

SubjectText TextOf(ingest_v1::SubjectKind kind) {
  switch (kind) {
    case ingest_v1::SUBJECT_KIND_SESSION:
      return {"session", "its session_id"};
    case ingest_v1::SUBJECT_KIND_INTERACTION:
      return {"interaction", "its interaction_id"};
    default:
      return {"person", "the one that the agent sends as user_id, or its pseudonym"};
  }
}

void Print(const ingest_v1::Erasure& erasure) {
  fmt::print(
      "{}: {} {}; complete: {}{}\n\n", Printable(erasure.erasure_id()), LeftText(erasure),
      erasure.subject_kind() == ingest_v1::SUBJECT_KIND_REWRITE ? "were rewritten in ingest"
                                                                : "left ingest",
      TimeText(erasure.has_complete_time(), erasure.complete_time()),
      erasure.requested_by().empty() ? "" : "; asked for by " + Printable(erasure.requested_by()));
  Table table({{"STORE"}, {"ROWS", true}, {"CLEAN"}});
  for (const ingest_v1::StoreErasure& store : erasure.stores()) {
    table.AddRow({store.store(), WithThousands(store.rows()),
                  TimeText(store.has_clean_time(), store.clean_time())});
  }
  std::fputs(table.Format().c_str(), stdout);
  const bool is_done = erasure.stores_size() > 0 && erasure.stores(0).has_clean_time();
  const bool is_empty =
      erasure.interactions() == 0 && erasure.signals() == 0 && erasure.waiting_spans() == 0;
  if (!is_done || !is_empty) return;
  const SubjectText text = TextOf(erasure.subject_kind());
  fmt::print(
      "\nNothing of this {} was stored, or it was erased before. If something should have been\n"
      "here: the id must be {}, and the project the agent's.\n",
      text.noun, text.id);
}

int RunErase(EraseFlags flags) {
  if (flags.erasure_id.empty()) flags.erasure_id = "erasure-" + NewUuidV7(absl::Now());
  ingest_v1::GetErasureRequest probe;
  probe.set_erasure_id(flags.erasure_id);
  const auto known = Ask(flags, &ingest_v1::PrivacyService::Stub::GetErasure, probe,
                         {.total_timeout = kProbeTimeout});
  if (!known.ok() && errors::ReasonOf(known.status()) != Reason::kNotFound) {
    return Fail(known.status(), flags.target.address);
  }
  // What was begun goes on, whatever becomes of this command.
  std::fprintf(stderr, "erasure id: %s\n", flags.erasure_id.c_str());
  ingest_v1::EraseRequest request;
  request.set_erasure_id(flags.erasure_id);
  flags.subject.Set(request);
  const auto erasure = Ask(flags, &ingest_v1::PrivacyService::Stub::Erase, request,
                           {.attempt_timeout = kAttemptTimeout, .total_timeout = kTotalTimeout});
  if (!erasure.ok()) return Fail(erasure.status(), flags.target.address);
  Print(*erasure);
  if (!erasure->has_complete_time()) {
    fmt::print("\nReaders have not all reported yet: flywheel erasure {}{}\n", flags.erasure_id,
               TargetFlags(flags));
  }
  return kExitOk;
}

int RunErasure(const EraseFlags& flags) {
  ingest_v1::GetErasureRequest request;
  request.set_erasure_id(flags.erasure_id);
  const auto erasure = Ask(flags, &ingest_v1::PrivacyService::Stub::GetErasure, request,
                           {.total_timeout = kProbeTimeout});
  if (!erasure.ok()) return Fail(erasure.status(), flags.target.address);
  Print(*erasure);
  return kExitOk;
}

void AddTargetFlags(CLI::App& command, EraseFlags& flags) {
  AddAddressFlags(command, {{Service::kIngest, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

}  // namespace

void AddEraseCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "erase",
      "Erases a person, a session or one interaction: what was said and done, and what was said "
      "about\n"
      "it, leaves ingest now and its readers as they follow. Cannot be undone. Prints the receipt, "
      "which\n"
      "names nobody; 'flywheel erasure ID' shows it again. With keys, it takes one of role "
      "operator.");
  command->footer(
      std::string("Example: flywheel erase --user alice@example.com --erasure-id ticket-7\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<EraseFlags>();
  AddSubjectFlags(
      *command, flags->subject,
      {.session = "a session, whoever's: it is closed, and takes no record any more",
       .interaction = "one interaction; what later turns repeat of it in their history stays"});
  command->add_option("--erasure-id", flags->erasure_id,
                      "the receipt's id; the same one again waits for the same erasure. Default: a "
                      "new one");
  AddTargetFlags(*command, *flags);
  command->callback([flags, &run] {
    RequireSubject(flags->subject);
    run = [flags] { return RunErase(*flags); };
  });
}

void AddErasureCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "erasure", "Shows the receipt of an erasure: which store was clean, and when.");
  command->footer(std::string("Example: flywheel erasure ticket-7\n") + kExitCodesHelp);
  const auto flags = std::make_shared<EraseFlags>();
  command->add_option("ERASURE", flags->erasure_id, "the erasure's id")->required();
  AddTargetFlags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return RunErasure(*flags); }; });
}

}  // namespace flywheel::cli
