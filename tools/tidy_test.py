"""Which sources are looked at, and what is done with what clang-tidy says."""

import contextlib
import io
import json
import os
import subprocess
import tempfile
import unittest

import tidy

DAY_S = 24 * 60 * 60
FIRST_S = 1_700_000_000

# Says where it was called for, costs what the file says, and has what it contains as a finding.
CLANG_TIDY = """#!/usr/bin/env python3
import sys, time
text = open(sys.argv[-1]).read()
end = time.process_time() + (1 if "slow" in text else 0)
while time.process_time() < end: pass
print("3 warnings generated.", file=sys.stderr)
print("Suppressed 3 warnings (3 in non-user code).", file=sys.stderr)
if "bad" in text:
    print(sys.argv[-1] + ": bad")
if "unread" in text:
    sys.exit(5)
sys.exit(1 if "bad" in text else 0)
"""


class TidyTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.root = stack.enter_context(tempfile.TemporaryDirectory())
        before = os.getcwd()
        os.chdir(self.root)
        self.addCleanup(os.chdir, before)
        os.environ.pop("FLYWHEEL_CHECK_BASE", None)
        self.git("init", "-q", "-b", "main")
        self.now = FIRST_S
        self.write("clang-tidy", CLANG_TIDY)
        os.chmod("clang-tidy", 0o755)

    def git(self, *arguments):
        date = f"{getattr(self, 'now', FIRST_S)} +0000"
        environment = {
            **os.environ,
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@example.com",
        }
        subprocess.run(["git", *arguments], check=True, env=environment)

    def write(self, path, text=""):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def commit(self, after_s, **files):
        """Files by their names without ending, such as a_cc="int x;"."""
        self.now += after_s
        for name, text in files.items():
            self.write(name.replace("_", "."), text)
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "x")

    def run_tidy(self, *arguments):
        sources = [path for path in os.listdir(".") if path.endswith(".cc") and path != "odd.cc"]
        commands = [{"file": os.path.abspath(path)} for path in sources]
        self.write("build/compile_commands.json", json.dumps(commands))
        out = io.StringIO()
        failed = tidy.main(
            ["--build", "build", "--jobs", "1", "--clang-tidy", "./clang-tidy", *arguments], out
        )
        return failed, out.getvalue()

    def changed(self):
        return tidy.sources_of(tidy.changed_files(tidy.find_base("")))

    def test_on_main_a_change_is_what_came_in_within_a_day_newest_first(self):
        self.commit(0, old_cc="1")
        self.commit(DAY_S, a_cc="1", b_cc="1", c_cc="1")
        self.commit(DAY_S // 2, b_cc="2")
        self.commit(60, c_cc="2")
        self.assertEqual(self.changed(), ["c.cc", "b.cc", "a.cc"])
        self.commit(DAY_S, d_cc="1")
        self.assertEqual(self.changed(), ["d.cc"])

    def test_everything_where_there_is_nothing_older(self):
        self.commit(0, a_cc="1")
        self.commit(60, b_cc="1")
        self.assertEqual(self.changed(), ["a.cc", "b.cc"])

    def test_on_a_branch_a_change_is_what_main_does_not_have(self):
        self.commit(0, a_cc="1", b_cc="1")
        self.git("switch", "-q", "-c", "work")
        self.commit(60, b_cc="2")
        self.git("switch", "-q", "main")
        self.commit(60, a_cc="2")
        self.git("switch", "-q", "work")
        self.assertEqual(self.changed(), ["b.cc"])

    def test_on_main_before_a_push_a_change_is_what_origin_does_not_have(self):
        self.commit(0, a_cc="1")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.commit(60, b_cc="1")
        self.assertEqual(self.changed(), ["b.cc"])

    def test_what_is_not_committed_belongs_to_it_and_what_is_deleted_does_not(self):
        self.commit(0, a_cc="1", b_cc="1", c_cc="1")
        self.git("switch", "-q", "-c", "work")
        self.commit(60, b_cc="2", c_cc="2")
        self.write("a.cc", "2")
        os.remove("c.cc")
        self.assertEqual(self.changed(), ["a.cc", "b.cc"])

    def test_a_base_can_be_named(self):
        self.commit(0, a_cc="1")
        self.commit(60, b_cc="1")
        self.assertEqual(tidy.sources_of(tidy.changed_files(tidy.find_base("HEAD~1"))), ["b.cc"])
        with self.assertRaisesRegex(SystemExit, "got 'nothing', want a commit"):
            tidy.find_base("nothing")

    def test_a_header_is_looked_at_through_one_source(self):
        self.commit(
            0,
            a_h="",
            a_cc='#include "a.h"\n',
            b_cc='#include "a.h"\n',
            deep_h="",
            middle_h='#include "deep.h"\n',
            user_cc='#include "middle.h"\n',
            alone_h="",
        )
        self.assertEqual(tidy.sources_of(["a.h", "a.cc"]), ["a.cc"])
        self.assertEqual(tidy.sources_of(["deep.h", "b.cc"]), ["user.cc", "b.cc"])
        self.assertEqual(tidy.sources_of(["alone.h", "README.md"]), [])

    def test_findings_are_shown_and_noise_is_not(self):
        self.commit(0, a_cc="good", b_cc="bad", c_cc="unread")
        failed, text = self.run_tidy()
        self.assertEqual(failed, 1)
        self.assertRegex(
            text,
            r"^all: 3 sources\nb\.cc: bad\nc\.cc: clang-tidy ended with 5\n"
            r"3 sources, 2 with findings, \d+\.\d CPU minutes\n$",
        )

    def test_passes_without_findings(self):
        self.commit(0, a_cc="good")
        self.assertEqual(self.run_tidy()[0], 0)

    def test_says_what_no_target_has(self):
        self.commit(0, odd_cc="bad")
        failed, text = self.run_tidy()
        self.assertEqual(failed, 0)
        self.assertIn("odd.cc: no target of this build has it, left out", text)

    def test_stops_at_its_bound_and_says_what_it_left_out(self):
        self.commit(0, a_cc="slow", b_cc="bad", c_cc="bad")
        spent = tidy.cpu_minutes()
        failed, text = self.run_tidy("--minutes", str(spent + 0.5 / 60))
        self.assertEqual(failed, 0)
        self.assertIn("1 sources, 0 with findings", text)
        self.assertRegex(text, r"Left out after .* CPU minutes, see \./dev check --all:\n  b\.cc")
        failed, text = self.run_tidy("--all")
        self.assertEqual(failed, 1)
        self.assertNotIn("Left out", text)


if __name__ == "__main__":
    unittest.main()
