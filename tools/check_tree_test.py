"""For each rule of tree/ a small repository that breaks it, and exactly what is said of it."""

import os
import subprocess
import tempfile
import unittest

import check_tree
from tree import layers
from tree.repository import Repository

# Keeps every rule, with something that each looks at.
CLEAN = {
    "README.md": "[How it is built](docs/build.md), [the sample](samples)\n",
    "docs/build.md": "Back to [the start](../README.md#start), or [on](https://example.com).\n",
    "samples/README.md": "words.txt: one word a line.\n",
    "samples/words.txt": "home: /home/me, or https://example.com/home/work\n",
    "protos/flywheel/gate/v1/gate.proto": (
        "syntax = \"proto3\";\n"
        "package flywheel.gate.v1;\n"
        "// Judges.\n"
        "service GateService {\n"
        "  // Says yes or no.\n"
        "  rpc Judge(JudgeRequest) returns (stream JudgeResponse);\n"
        "}\n"
        "message JudgeRequest {\n"
        "  // Which one.\n"
        "  string suite_id = 1;\n"
        "}\n"
        "message JudgeResponse {}\n"
        "// What it says.\n"
        "enum JudgeDecision {\n"
        "  // Never sent.\n"
        "  JUDGE_DECISION_UNSPECIFIED = 0;\n"
        "}\n"
    ),
    "eval_gate_service/CMakeLists.txt": "flywheel_library(gate SOURCES main.cc store/suites.cc)\n",
    "eval_gate_service/main.cc": '#include "eval_gate_service/store/suites.h"\n',
    "eval_gate_service/store/suites.cc": '#include "eval_gate_service/store/suites.h"\n',
    "eval_gate_service/store/suites.h": (
        "// Stores suites.\n"
        "#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITES_H_\n"
        "#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITES_H_\n"
        "#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITES_H_\n"
    ),
    "tests/fuzz/CMakeLists.txt": "flywheel_binary(${name}_fuzz SOURCES ${name}_fuzz.cc)\n",
    "tests/fuzz/text_fuzz.cc": "int main() {}\n",
    "tests/fuzz/corpus/text/spaces": "  \n",
}

HEADER = CLEAN["eval_gate_service/store/suites.h"]
PROTO = CLEAN["protos/flywheel/gate/v1/gate.proto"]
MAIN = CLEAN["eval_gate_service/main.cc"]
README = CLEAN["README.md"]
LINK = "[All of it](ARCHITECTURE.md)\n"


def findings(changes):
    """What is said of the clean repository with these files instead; None takes one out."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**CLEAN, **changes}.items():
            if text is not None:
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        subprocess.run(["git", "add", "--all"], cwd=root, check=True)
        return check_tree.findings(Repository(root))


class RuleTest(unittest.TestCase):
    maxDiff = None

    def expect(self, changes, *want):
        self.assertEqual(findings(changes), list(want))


class CleanTest(RuleTest):
    def test_a_clean_repository_has_no_findings(self):
        self.expect({})

    def test_what_git_does_not_know_is_nobodys_business(self):
        self.expect({".gitignore": "build\n", "build/a.cc": "// TODO\n"})


class SourcesTest(RuleTest):
    def main(self, line):
        return {"eval_gate_service/main.cc": MAIN + line + "\n"}

    def test_long_files(self):
        self.expect(
            self.main("\n" * 400),
            "eval_gate_service/main.cc:403: 403 lines, want at most 400: split it by noun",
        )
        self.expect({"tests/fuzz/text_fuzz.cc": "\n" * 500})

    def test_long_lines(self):
        self.expect(
            self.main("// " + "x" * 98),
            "eval_gate_service/main.cc:2: 101 columns, want at most 100",
        )

    def test_unfinished_work(self):
        self.expect(
            self.main("// TODO: more"),
            "eval_gate_service/main.cc:2: 'TODO', want: finish it, or write it down in an issue",
        )

    def test_waiting_by_the_clock(self):
        want = "want: wait for a condition with a bound, or PollUntil of shared/time/poll.h"
        for call in ("absl::SleepFor", "std::this_thread::sleep_for", "usleep"):
            name = call.split("::")[-1]
            self.expect(
                self.main(f"{call}(1);"), f"eval_gate_service/main.cc:2: '{name}', {want}"
            )
        self.expect(
            {"tests/fuzz/text_fuzz.cc": "while (!done) std::this_thread::yield();\n"},
            f"tests/fuzz/text_fuzz.cc:1: 'this_thread::yield', {want}",
        )

    def test_namespaces_and_streams(self):
        self.expect(
            self.main("using namespace std;\nstd::cout << 1;"),
            "eval_gate_service/main.cc:2: 'using namespace std', want: name what is used",
            "eval_gate_service/main.cc:3: 'std::cout', want: fmt::print",
        )

    def test_paths_of_one_machine_in_any_file(self):
        want = "want: a path below this repository, or /home/me"
        for got in ("/home/j", "/root/", "/Users/", "/work/"):
            self.expect(
                {"samples/words.txt": f"in {got}data\n"}, f"samples/words.txt:1: '{got}', {want}"
            )

    def test_hosts_of_registries_in_any_file(self):
        want = "want: the package's name; where it comes from is the machine's configuration"
        for host in ("pypi.org", "registry.npmjs.org", "ghcr.io", "proxy.golang.org"):
            got = host.removeprefix("registry.")
            self.expect(
                {"docs/build.md": f"From https://{host}/x.\n"}, f"docs/build.md:1: '{got}', {want}"
            )

    def test_include_guards(self):
        self.expect(
            {"eval_gate_service/store/suites.h": HEADER.replace("_STORE_", "_")},
            "eval_gate_service/store/suites.h:1: no include guard "
            "FLYWHEEL_EVAL_GATE_SERVICE_STORE_SUITES_H_",
        )

    def test_macros(self):
        self.expect(
            self.main("  # define LIMIT 5"),
            "eval_gate_service/main.cc:2: the macro LIMIT, want a constant or a function",
        )

    def test_types_of_columns(self):
        table = "CREATE TABLE suites (\n  -- INT is no word for it.\n  suite_id TEXT NOT NULL,\n"
        end = "  PRIMARY KEY (suite_id)\n) STRICT;\n"
        path = "eval_gate_service/store/schema.sql"
        cmake = CLEAN["eval_gate_service/CMakeLists.txt"] + "# store/schema.sql\n"
        for word, want in (
            ("INTEGER", []),
            ("INT", [f"{path}:4: cases is INT, want INTEGER, REAL, TEXT or BLOB"]),
            ("ANY", [f"{path}:4: cases is ANY, want INTEGER, REAL, TEXT or BLOB"]),
        ):
            schema = table + f"  cases {word} NOT NULL,\n" + end
            self.expect({path: schema, "eval_gate_service/CMakeLists.txt": cmake}, *want)

    def test_first_lines_of_headers(self):
        want = "the first line, want a comment that says what is in here"
        for first in ("", "//", "#pragma once"):
            text = HEADER.replace("// Stores suites.", first)
            self.expect(
                {"eval_gate_service/store/suites.h": text},
                f"eval_gate_service/store/suites.h:1: {want}",
            )

    def test_globs(self):
        cmake = CLEAN["eval_gate_service/CMakeLists.txt"]
        self.expect(
            {"eval_gate_service/CMakeLists.txt": cmake + "file(GLOB more *.cc)\n"},
            "eval_gate_service/CMakeLists.txt:2: file(GLOB), want the files by name",
        )
        self.expect({"eval_gate_service/CMakeLists.txt": cmake + "file(GLOB all *.proto)\n"})


class LayersTest(RuleTest):
    def including(self, path, name):
        """The clean repository with a source that includes a header, both of them in use."""
        guard = "FLYWHEEL_" + name.replace("/", "_").replace(".", "_").upper() + "_"
        return {
            path: f'#include "{name}"\n',
            name: f"// Something.\n#ifndef {guard}\n#define {guard}\n#endif\n",
            "CMakeLists.txt": f"add_library(more {path})\n",
        }

    def test_services_know_each_other_by_their_contracts(self):
        self.expect(
            self.including("curation_service/domain/a.cc", "ingest_service/domain/b.h"),
            "curation_service/domain/a.cc:1: includes another service, want its stub",
        )

    def test_shared_code_knows_no_service(self):
        self.expect(
            self.including("shared/text/a.cc", "ingest_service/domain/b.h"),
            "shared/text/a.cc:1: shared/text includes ingest_service/domain/b.h, want nothing of "
            "ours",
        )
        self.expect(
            self.including("shared/text/a.cc", "statistics/b.h"),
            "shared/text/a.cc:1: shared/text includes statistics/b.h, want nothing of ours",
        )

    def test_a_library_knows_only_what_it_is_allowed(self):
        for include in ("ingest_service/domain/b.h", "shared/text/b.h"):
            self.expect(
                self.including("statistics/a.cc", include),
                f"statistics/a.cc:1: statistics includes {include}, want nothing of ours",
            )
        self.expect(self.including("statistics/a.cc", "statistics/b.h"))
        self.expect(self.including("redaction/a.cc", "shared/text/b.h"))
        self.expect(self.including("redaction/bench/a.cc", "bench/b.h"))
        self.expect(
            {
                "statistics/a.cc": '#include "absl/status/status.h"\n',
                "CMakeLists.txt": "add_library(more statistics/a.cc)\n",
            }
        )

    def test_clients_know_contracts_and_store_tools_know_stores(self):
        self.expect(
            self.including("cli/a.cc", "ingest_service/store/b.h"),
            "cli/a.cc:1: cli includes ingest_service/store/b.h, want store_tools or redaction or "
            "shared/files or shared/hashing or shared/ids or shared/rpc or shared/status or "
            "shared/text or shared/time or shared/version",
        )
        self.expect(self.including("store_tools/a.cc", "ingest_service/store/b.h"))
        self.expect(
            self.including("store_tools/a.cc", "ingest_service/domain/b.h"),
            "store_tools/a.cc:1: store_tools includes ingest_service/domain/b.h, want */store or "
            "shared/files or shared/hashing or shared/sql or shared/status or shared/time",
        )

    def test_rooms_depend_one_way(self):
        self.expect(
            self.including("ingest_service/store/a.cc", "ingest_service/rpc/b.h"),
            "ingest_service/store/a.cc:1: store includes ingest_service/rpc/b.h, want domain or "
            "shared/audit or shared/hashing or shared/sql or shared/status or shared/time",
        )

    def test_every_room_has_a_rule(self):
        self.expect(
            self.including("ingest_service/attic/a.cc", "ingest_service/domain/b.h"),
            "ingest_service/attic/a.cc:1: no rule for attic, want one in ROOMS of "
            "tools/tree/layers.py",
        )
        self.expect(
            self.including("shared/attic/a.cc", "shared/attic/b.h"),
            "shared/attic/a.cc:1: no rule for shared/attic, want one in FOLDERS of "
            "tools/tree/layers.py",
        )

    def test_domain_and_store_know_no_messages(self):
        self.expect(
            {"eval_gate_service/store/suites.cc": '#include "flywheel/v1/gate.pb.h"\n'},
            "eval_gate_service/store/suites.cc:1: store knows no message, got "
            "flywheel/v1/gate.pb.h",
        )

    def test_use_cases_know_no_grpc(self):
        for include in ("<grpcpp/status.h>", '"flywheel/v1/gate.grpc.pb.h"'):
            self.expect(
                {
                    "eval_gate_service/judge.cc": f"#include {include}\n",
                    "CMakeLists.txt": "add_library(judge eval_gate_service/judge.cc)\n",
                },
                f"eval_gate_service/judge.cc:1: use case knows no gRPC, got {include[1:-1]}",
            )

    def test_what_a_room_may_take_of_shared(self):
        self.expect(
            self.including("ingest_service/http/a.cc", "shared/sql/b.h"),
            "ingest_service/http/a.cc:1: http includes shared/sql/b.h, want otlp or shared/rpc or "
            "shared/status or shared/text",
        )
        self.expect(self.including("ingest_service/http/a.cc", "shared/text/b.h"))
        self.expect(
            self.including("shared/sql/a.cc", "shared/rpc/b.h"),
            "shared/sql/a.cc:1: shared/sql includes shared/rpc/b.h, want shared/hashing or "
            "shared/lists or shared/status or shared/time",
        )

    def test_the_table_in_the_architecture_is_the_one_of_the_check(self):
        rows = list(layers.table())
        self.expect({"ARCHITECTURE.md": "\n".join(rows), "README.md": README + LINK})
        self.expect(
            {"ARCHITECTURE.md": "\n".join(rows[1:]), "README.md": README + LINK},
            f"ARCHITECTURE.md:1: its table of includes, want the row {rows[0]}",
        )


class ProtosTest(RuleTest):
    PATH = "protos/flywheel/gate/v1/gate.proto"

    def proto(self, old, new):
        return {self.PATH: PROTO.replace(old, new)}

    def test_folders(self):
        self.expect(
            self.proto("package flywheel.gate.v1", "package flywheel.gates.v1"),
            f"{self.PATH}:1: package flywheel.gates.v1 does not match its folder",
        )

    def test_prefixes_of_enum_values(self):
        self.expect(
            self.proto("JUDGE_DECISION_UNSPECIFIED", "DECISION_UNSPECIFIED"),
            f"{self.PATH}:16: DECISION_UNSPECIFIED, want the prefix JUDGE_DECISION_",
        )

    def test_zero_values(self):
        self.expect(
            self.proto("_UNSPECIFIED", "_NONE"),
            f"{self.PATH}:16: the zero value, want JUDGE_DECISION_UNSPECIFIED",
        )

    def test_requests_and_responses(self):
        self.expect(
            self.proto("Judge(JudgeRequest)", "Decide(JudgeRequest)"),
            f"{self.PATH}:6: rpc Decide, want DecideRequest and DecideResponse",
        )

    def test_comments(self):
        self.expect(
            self.proto("  // Which one.\n", ""),
            f"{self.PATH}:9: no comment above 'string suite_id = 1;'",
        )


class DeadFilesTest(RuleTest):
    def test_headers(self):
        self.expect(
            {"eval_gate_service/main.cc": "int main() {}\n"},
            "eval_gate_service/store/suites.h:1: no other file includes it, "
            "want it used or deleted",
        )

    def test_sources_in_no_target(self):
        self.expect(
            {"tests/suites_test.cc": "\n"},
            "tests/suites_test.cc:1: in no CMakeLists.txt, want it in a target or deleted",
        )

    def test_corpora_without_a_fuzzer(self):
        self.expect(
            {"tests/fuzz/corpus/json/a": "{}\n"},
            "tests/fuzz/corpus/json/a:1: no fuzzer json_fuzz.cc, want one or the file deleted",
        )

    def test_schema_dumps_without_a_test(self):
        dump = "tests/eval_gate_service/schema_dumps/version_1.sql"
        self.expect(
            {dump: "BEGIN;\n"},
            f"{dump}:1: no tests/eval_gate_service/schema_test.cc, want one or the file deleted",
        )

    def test_samples_and_scripts(self):
        for path in ("samples/numbers.txt", "tools/count.py"):
            self.expect({path: "1\n"}, f"{path}:1: no other file names it, want it used or deleted")

    def test_links_to_nothing(self):
        self.expect(
            {"docs/build.md": "[More](more.md)\n"}, "docs/build.md:1: broken link to more.md"
        )

    def test_paths_that_are_called_otherwise_now(self):
        self.expect(
            {"docs/build.md": "Words are in `samples/words`, `samples/` and `samples/*.txt`.\n"},
        )
        self.expect(
            {"docs/build.md": "`eval_gate_service/{main,store/gone}.cc` and `other/words.txt`\n"},
            "docs/build.md:1: no eval_gate_service/store/gone.cc, want what it is called now",
        )

    def test_code_in_a_document_has_no_links(self):
        code = "```cpp\n[&](const Caller& caller) {}\n```\n"
        self.expect({"docs/build.md": code})
        self.expect(
            {"docs/build.md": code + "[More](more.md)\n"}, "docs/build.md:4: broken link to more.md"
        )

    def test_pages_that_nobody_finds(self):
        self.expect(
            {"docs/old.md": "Read [this page](old.md).\n"},
            "docs/old.md:1: no other document links it, want a link or the page deleted",
        )


if __name__ == "__main__":
    unittest.main()
