// Flags that name a person, a session or an interaction, for erase and records.
#ifndef FLYWHEEL_CLI_SUBJECT_FLAGS_H_
#define FLYWHEEL_CLI_SUBJECT_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>

namespace flywheel::cli {

// What --user, --session and --interaction say: one of them is not empty.
struct SubjectFlags {
  std::string user;
  std::string session;
  std::string interaction;

  // Into the subject of an EraseRequest or ExportRecordsRequest.
  template <typename Request>
  void Set(Request& request) const {
    if (!user.empty()) request.set_user_id(user);
    if (!session.empty()) request.set_session_id(session);
    if (!interaction.empty()) request.set_interaction_id(interaction);
  }
};

// What --help says of the two whose effect differs from command to command.
struct SubjectHelp {
  std::string session;
  std::string interaction;
};

// Adds the three flags, of which each excludes the others.
inline void AddSubjectFlags(CLI::App& command, SubjectFlags& flags, const SubjectHelp& help) {
  CLI::Option* const user = command.add_option(
      "--user", flags.user, "a person: the id that the agent sends as user_id, or its pseudonym");
  CLI::Option* const session =
      command.add_option("--session", flags.session, help.session)->excludes(user);
  command.add_option("--interaction", flags.interaction, help.interaction)
      ->excludes(user)
      ->excludes(session);
}

// For the command's callback: wrong usage where none of them was given.
inline void RequireSubject(const SubjectFlags& flags) {
  if (!flags.user.empty() || !flags.session.empty() || !flags.interaction.empty()) return;
  throw CLI::RequiredError("--user, --session or --interaction");
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUBJECT_FLAGS_H_
