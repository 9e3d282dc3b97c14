"""What the tables of docs/reference say of a small contract, an error and a --help."""

import os
import tempfile
import unittest

import generate_docs
from docs import errors, flags, rpcs
from docs.contract import Incomplete, read_contract

PROTO = """syntax = "proto3";
package flywheel.gate.v1;

// The gate.
service GateService {
  // Makes a suite, for
  // ever. Role: writer. Errors: NOT_FOUND for the dataset; BUSY with RetryInfo.
  rpc CreateSuite(CreateSuiteRequest) returns (CreateSuiteResponse);

  // "May it ship?" Says why. Role: reader, but not trainer: they could look.
  rpc GetDecision(GetDecisionRequest) returns (stream GetDecisionResponse);

  // Takes outputs. Idempotent. Role: writer.
  rpc SubmitOutputs(SubmitOutputsRequest) returns (SubmitOutputsResponse);
}

message CreateSuiteRequest {
  // Required.
  string suite_id = 1;
}
message CreateSuiteResponse {
  // An option of the suite.
  oneof kind {
    // A number.
    int64 number = 1;
  }
  // True where it was there.
  bool replayed = 2;
}
message GetDecisionRequest {}
message GetDecisionResponse {}
message SubmitOutputsRequest {}
message SubmitOutputsResponse {}

// Why.
enum ErrorReason {
  // Not set.
  ERROR_REASON_UNSPECIFIED = 0;
  // Nothing has this id (what, id).
  ERROR_REASON_NOT_FOUND = 1;
  // Too many calls (limit). Wait.
  ERROR_REASON_BUSY = 2;
}
"""

CONSTRUCTORS = """absl::Status NotFound(std::string_view what, std::string_view id) {
  return Make(absl::StatusCode::kNotFound, Reason::kNotFound, "no",
              {{"what", std::string(what)}, {"id", std::string(id)}});
}

absl::Status Busy(int64_t limit) {
  return WithRetry(
      Make(absl::StatusCode::kResourceExhausted, Reason::kBusy, "busy",
           {{"limit", std::to_string(limit)}}),
      absl::Seconds(1));
}
"""

SERVICE_HELP = """Judges
versions.
Usage: flywheel-NAME [OPTIONS]

Options:
  -h,--help                   Print this help message and exit
  --listen TEXT=127.0.0.1:%d (Env:FLYWHEEL_LISTEN)
                              where gRPC listens,
                              HOST:PORT
  --insecure (Env:FLYWHEEL_INSECURE)
                              listen | everywhere
  --only-of-NAME INT:INT in [1 - 9]=3
                              a number

Exit codes: 0.
"""

COMMAND_HELP = """Flywheel.
Usage: flywheel [OPTIONS] SUBCOMMAND

Subcommands:
  a                           Looks at the stores
                              of a directory
  b                           The same.
  c                           The same.
  d                           The same.
  e                           The same.
"""

SUBCOMMAND_HELP = """Looks at
the stores. Formats:
  text  lines
  json  an
        object
Usage: flywheel NAME [OPTIONS] DIRECTORY

Positionals:
  DIRECTORY TEXT REQUIRED     where they are

Options:
  --format text|json=text     how to print
  --only-of-NAME TEXT         a word
"""


def contract(text):
    with tempfile.TemporaryDirectory() as root:
        path = os.path.join(root, "gate.proto")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        read = read_contract([path])
    read.services[0].path = "protos/gate.proto"
    return read


def help_of(program, *subcommand):
    if subcommand == ("a",):
        return SUBCOMMAND_HELP.replace("NAME", "a") + "\nSubcommands:\n  sub     Does more.\n"
    if subcommand:
        return SUBCOMMAND_HELP.replace("NAME", "-".join(subcommand))
    if program == "flywheel":
        return COMMAND_HELP
    name = program.removeprefix("flywheel-")
    return SERVICE_HELP.replace("NAME", name).replace("%d", str(len(name)))


class RpcsTest(unittest.TestCase):
    def test_a_row_has_effect_role_resending_and_errors(self):
        page = rpcs.render(contract(PROTO))
        self.assertIn("[`flywheel.gate.v1.GateService`](../../protos/gate.proto)", page)
        rows = [line for line in page.split("\n") if line.startswith("| `")]
        self.assertEqual(
            rows,
            [
                "| `CreateSuite` | Makes a suite, for ever. | writer | replay, by `suite_id` "
                "| `NOT_FOUND`, `BUSY` |",
                '| `GetDecision` | "May it ship?" | reader, but not trainer | reads |  |',
                "| `SubmitOutputs` | Takes outputs. | writer | idempotent |  |",
            ],
        )

    def test_a_comment_without_a_role_is_refused(self):
        with self.assertRaisesRegex(Incomplete, "GetDecision: .*Role"):
            rpcs.render(contract(PROTO.replace("Role: reader, but", "A reader, but")))

    def test_a_call_that_writes_and_does_not_say_what_resending_does_is_refused(self):
        with self.assertRaisesRegex(Incomplete, "SubmitOutputs: .*Idempotent"):
            rpcs.render(contract(PROTO.replace("Idempotent. ", "")))


class ErrorsTest(unittest.TestCase):
    def test_a_row_has_code_retry_meaning_and_metadata(self):
        page = errors.render(contract(PROTO), CONSTRUCTORS, [])
        self.assertEqual(
            page.split("\n")[2:],
            [
                "| `NOT_FOUND` | NOT_FOUND | no | Nothing has this id. | `what`, `id` |",
                "| `BUSY` | RESOURCE_EXHAUSTED | yes, after 1 s | Too many calls. Wait. "
                "| `limit` |",
                "",
            ],
        )

    def test_metadata_that_comment_and_code_name_differently_is_refused(self):
        with self.assertRaisesRegex(Incomplete, "ERROR_REASON_BUSY: .*'limits'.*'limit'"):
            errors.render(contract(PROTO.replace("(limit)", "(limits)")), CONSTRUCTORS, [])

    def test_a_reason_that_no_constructor_makes_is_refused(self):
        with self.assertRaisesRegex(Incomplete, "ERROR_REASON_BUSY: no constructor"):
            errors.render(contract(PROTO), CONSTRUCTORS.replace("kBusy", "kIdle"), [])

    def test_a_reason_that_a_caller_gives_the_general_constructor_is_one(self):
        general = """
absl::Status FailedPrecondition(Reason reason, std::string_view limit) {
  return Make(absl::StatusCode::kFailedPrecondition, reason, "", {{"limit", limit}});
}
"""
        source = CONSTRUCTORS.replace("kBusy", "kIdle") + general
        page = errors.render(
            contract(PROTO), source, ["return errors::FailedPrecondition(Reason::kBusy, limit);"]
        )
        self.assertIn("| `BUSY` | FAILED_PRECONDITION | no |", page)


class FlagsTest(unittest.TestCase):
    def test_shared_flags_stand_once_and_own_ones_with_their_program(self):
        page = flags.render(help_of)
        shared, ingest, *_ = page.split("\n## flywheel-")
        self.assertIn(
            "| `--listen` | `FLYWHEEL_LISTEN` | ingest `127.0.0.1:6`, curation `127.0.0.1:8`, "
            "eval-gate `127.0.0.1:9`, experiment `127.0.0.1:10` | where gRPC listens, HOST:PORT |",
            shared,
        )
        self.assertIn("| `--insecure` | `FLYWHEEL_INSECURE` |  | listen \\| everywhere |", shared)
        self.assertTrue(ingest.startswith("ingest\n\nJudges versions.\n"), ingest)
        self.assertIn("| `--only-of-ingest` |  | `3` | a number |", ingest)
        self.assertNotIn("--help", page)

    def test_what_many_commands_take_stands_once(self):
        page = flags.render(help_of)
        self.assertEqual(page.count("where they are"), 1)
        self.assertIn("| `DIRECTORY` |  | required | where they are | a, a sub, b, c, d, e |", page)
        self.assertIn(
            "| `--format text\\|json` |  | `text` | how to print | a, a sub, b, c, d, e |", page
        )

    def test_a_command_below_another_stands_behind_it(self):
        page = flags.render(help_of)
        self.assertIn("\n## flywheel a sub\n\nLooks at the stores.", page)
        self.assertIn("| `--only-of-a-sub` |", page)
        self.assertLess(page.index("## flywheel a sub"), page.index("## flywheel b"))

    def test_a_command_has_its_description_and_its_own_flags(self):
        page = flags.render(help_of)
        own = page.partition("## flywheel b\n\n")[2].partition("\n## ")[0]
        self.assertEqual(
            own,
            "Looks at the stores. Formats:\n\n- `text`: lines\n\n- `json`: an object\n\n"
            "| Flag | Environment | Default | Meaning |\n| --- | --- | --- | --- |\n"
            "| `--only-of-b` |  |  | a word |\n",
        )


class PageTest(unittest.TestCase):
    def test_what_stands_around_the_tables_stays(self):
        page = f"# Head\n\n{generate_docs.BEGIN}old\n{generate_docs.END}\ntail\n"
        self.assertEqual(
            generate_docs.with_tables("a.md", page, "new\n"), page.replace("old\n", "new\n")
        )

    def test_a_page_without_a_place_for_tables_is_refused(self):
        with self.assertRaisesRegex(Incomplete, "a.md"):
            generate_docs.with_tables("a.md", "# Head\n", "new\n")


if __name__ == "__main__":
    unittest.main()
