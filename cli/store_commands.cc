// The commands that work on the services' files: backup, check and restore.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <set>
#include <string>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "shared/time/clock.h"
#include "shared/time/time_text.h"
#include "shared/version/version.h"
#include "store_tools/backup.h"
#include "store_tools/check.h"
#include "store_tools/restore.h"

namespace flywheel::cli {
namespace {

store_tools::Progress Show(ProgressLine& line) {
  return [&line](const std::string& what, int64_t done, int64_t total) {
    line.Show(what, done, total);
  };
}

void SayArchive(const std::vector<std::string>& files) {
  if (files.empty()) return;
  fmt::print("ingest needs {} archive files besides, from {} to {}: copy the archive folder too\n",
             files.size(), files.front(), files.back());
}

int RunBackup(const store_tools::BackupOptions& options) {
  absl::StatusOr<store_tools::Backup> backup;
  {
    ProgressLine line;
    backup = store_tools::MakeBackup(options, SystemClock(), Show(line));
  }
  if (!backup.ok()) return Fail(backup.status());
  for (const store_tools::BackupFile& file : backup->manifest.files) {
    fmt::print("{:<10}  {:<14}  {:>15} bytes  {}\n", file.service, file.name, file.size_bytes,
               file.sha256.substr(0, 16));
  }
  SayArchive(backup->manifest.archive_files);
  fmt::print("{}\n", backup->path);
  return kExitOk;
}

struct StateWords {
  const char* word;
  // What is wrong and what to do; stores in the same words share one line.
  const char* advice;
};

StateWords WordsOf(store_tools::StoreState state) {
  static constexpr char kRestore[] =
      "a store is damaged, missing or empty. Keep the files, and restore a backup: flywheel "
      "restore --help.";
  switch (state) {
    case store_tools::StoreState::kWhole:
      return {"ok", ""};
    case store_tools::StoreState::kMissing:
      return {"MISSING", kRestore};
    case store_tools::StoreState::kEmpty:
      return {"EMPTY", kRestore};
    case store_tools::StoreState::kDamaged:
      return {"DAMAGED", kRestore};
    case store_tools::StoreState::kUnknown:
      return {"UNKNOWN", "a store cannot be read. Run this as the user of its service."};
    case store_tools::StoreState::kTooNew:
      return {"TOO NEW", "a store is of a newer version. Use the programs of that version."};
    case store_tools::StoreState::kTooOld:
      return {"TOO OLD", "a store is of an older version. Start its service of this one once."};
  }
  return {"UNKNOWN", ""};
}

int RunCheck(const std::string& data_dir) {
  absl::StatusOr<std::vector<store_tools::StoreCheck>> checks;
  {
    ProgressLine line;
    checks = store_tools::CheckStores(data_dir, Show(line));
  }
  if (!checks.ok()) return Fail(checks.status());
  std::set<std::string> advice;
  for (const store_tools::StoreCheck& check : *checks) {
    const StateWords words = WordsOf(check.state);
    if (check.state != store_tools::StoreState::kWhole) advice.insert(words.advice);
    fmt::print("{:<10}  {:<7}  {}{}{}\n", check.service, words.word, check.path,
               check.summary.empty() ? "" : ": ", check.summary);
    for (const std::string& finding : check.findings) fmt::print("  {}\n", finding);
  }
  // The table first, also where both go to one file.
  std::fflush(stdout);
  for (const std::string& line : advice) std::fprintf(stderr, "error: %s\n", line.c_str());
  return advice.empty() ? kExitOk : kExitFailed;
}

int RunRestore(const store_tools::RestoreOptions& options) {
  absl::StatusOr<store_tools::RestoreReport> report;
  {
    ProgressLine line;
    report = store_tools::Restore(options, Show(line));
  }
  if (!report.ok()) return Fail(report.status());
  for (const store_tools::RestoredStore& store : report->stores) {
    fmt::print("{:<10}  {}\n", store.service,
               store.backup.empty() ? "EMPTY: no backup is old enough" : store.backup);
  }
  for (const std::string& service : report->never_backed_up) {
    fmt::print("{}: in none of these backups\n", service);
  }
  if (!report->last_sequence) return kExitOk;
  fmt::print("ingest's feed ends at {}; {} later records were removed\n", *report->last_sequence,
             report->removed);
  SayArchive(report->archive_files);
  if (report->forgotten_until == absl::InfiniteFuture()) {
    fmt::print("Who was forgotten stays forgotten: {} records that the backup still had left\n",
               report->forgotten);
  } else {
    fmt::print(
        "Who was forgotten until {} stays forgotten. 'flywheel erase' whoever was forgotten later "
        "again,\nor restore with --forgotten-in.\n",
        TimeText(report->forgotten_until));
  }
  return kExitOk;
}

}  // namespace

void AddBackupCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "backup",
      "Copies the stores of a data directory, while their services run or not. The copies fit\n"
      "together: none knows of something that its neighbour's does not. They are verified, and "
      "get\n"
      "their name only then: a directory of the time in UTC, with a manifest. The keys come "
      "along,\n"
      "so guard a backup as you guard the data. Files of ingest's archive do not: copy that "
      "folder\n"
      "too. Works where the files are: run it on the machine, or in the container, of the "
      "services.");
  command->footer(
      std::string("Example: flywheel backup --data-dir ~/flywheel --to /backups/flywheel\n") +
      kExitCodesHelp);
  const auto options = std::make_shared<store_tools::BackupOptions>();
  options->version = Version();
  command
      ->add_option("--data-dir", options->data_dir,
                   "the --data-dir of 'flywheel up', or of a service")
      ->required();
  command->add_option("--to", options->to, "gets one directory a backup; made where missing")
      ->required();
  command->callback([options, &run] { run = [options] { return RunBackup(*options); }; });
}

void AddCheckCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "check",
      "Reads every store of a data directory from end to end, while the services run or not: "
      "pages\n"
      "and indexes, ingest's totals against its rows, and that curation has read no further than\n"
      "ingest's feed goes. In the directory of 'flywheel up' all four must be there. Takes a few\n"
      "seconds for each gigabyte. Exit code 1 where something is wrong.");
  command->footer(std::string("Example: flywheel check --data-dir ~/flywheel\n") + kExitCodesHelp);
  const auto data_dir = std::make_shared<std::string>();
  command->add_option("--data-dir", *data_dir, "the --data-dir of 'flywheel up', or of a service")
      ->required();
  command->callback([data_dir, &run] { run = [data_dir] { return RunCheck(*data_dir); }; });
}

void AddRestoreCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "restore",
      "Makes a data directory out of backups. Stop the services and move the old directory away\n"
      "first: a directory that holds something is refused. Without --at, the newest backup; with\n"
      "it, the stores as they were at that time: ingest to the microsecond, the others as their\n"
      "newest backup of before. Whoever was forgotten until the newest backup stays forgotten;\n"
      "with --forgotten-in, whoever was until now.\n"
      "Start the services on the new directory afterwards: 'flywheel up --data-dir DIR'.");
  command->footer(
      std::string("Example: flywheel restore --from /backups/flywheel --to ~/flywheel \\\n"
                  "           --at 2026-11-21T12:00:00Z\n") +
      kExitCodesHelp);
  const auto options = std::make_shared<store_tools::RestoreOptions>();
  command->add_option("--from", options->from, "where 'flywheel backup --to' wrote to")->required();
  command->add_option("--to", options->to, "the new data directory")->required();
  command
      ->add_option_function<std::string>(
          "--at",
          [options](const std::string& text) {
            options->at = ParseTimeText(text);
            if (options->at) return;
            throw CLI::ValidationError(
                "--at", fmt::format("got '{}', want a time such as 2026-11-21T12:00:00Z", text));
          },
          "as it was at this time, in RFC 3339")
      ->type_name("TIME");
  command
      ->add_option("--forgotten-in", options->forgotten_in,
                   "the ingest.db that is replaced: whoever was forgotten there after the newest\n"
                   "backup is not brought back")
      ->check(IsFile());
  command->add_flag("--allow-missing", options->allow_missing,
                    "go on where no backup of a store is old enough: it begins empty");
  command->callback([options, &run] { run = [options] { return RunRestore(*options); }; });
}

}  // namespace flywheel::cli
