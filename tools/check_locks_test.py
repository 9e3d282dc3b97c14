"""Which sources are looked at, and that clang finds in them what it should."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import check_locks

# What Abseil's macros come to for clang.
MACROS = """
#define ABSL_GUARDED_BY(x) __attribute__((guarded_by(x)))
#define ABSL_EXCLUSIVE_LOCKS_REQUIRED(x) __attribute__((exclusive_locks_required(x)))
struct __attribute__((lockable)) Mutex {};
"""
HEADER = """#include "macros.h"
class Counter {
 public:
  int Next();
 private:
  Mutex mutex_;
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
};
"""


class CheckLocksTest(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.root = stack.enter_context(tempfile.TemporaryDirectory())
        before = os.getcwd()
        os.chdir(self.root)
        stack.callback(os.chdir, before)
        subprocess.run(["git", "init", "-q"], check=True)
        os.mkdir("build")

    def write(self, **texts):
        names = [name.replace("_", ".") for name in texts]
        for name, text in zip(names, texts.values()):
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run(["git", "add", *names], check=True)
        entries = [
            {
                "file": os.path.join(self.root, name),
                "directory": self.root,
                "command": f"/usr/bin/ccache /usr/bin/c++ -I. -Wno-restrict -o {name}.o -c {name}",
            }
            for name in names
            if name.endswith(".cc")
        ]
        with open("build/compile_commands.json", "w", encoding="utf-8") as file:
            json.dump(entries, file)

    def run_main(self):
        out = io.StringIO()
        return check_locks.main(["--build", "build"], out), out.getvalue()

    def test_looks_where_a_rule_can_be_broken(self):
        self.write(
            macros_h=MACROS,
            counter_h=HEADER,
            counter_cc='#include "counter.h"\n',
            other_cc='#include "macros.h"\nint Two() { return 2; }\n',
            local_cc="int x ABSL_LOCKS_EXCLUDED(m);\n",
        )
        files = ["macros.h", "counter.h", "counter.cc", "other.cc", "local.cc"]
        # macros.h defines the words, and is a rule's home by that.
        self.assertEqual(
            check_locks.sources_with_rules(files[1:]), ["counter.cc", "local.cc"]
        )

    @unittest.skipUnless(shutil.which("clang++-14"), "no clang++-14")
    def test_finds_what_is_read_without_its_lock(self):
        self.write(
            macros_h=MACROS,
            counter_h=HEADER,
            counter_cc='#include "counter.h"\nint Counter::Next() { return next_++; }\n',
        )
        code, text = self.run_main()
        self.assertEqual(code, 1)
        self.assertIn("next_' requires holding mutex 'mutex_'", text)

    @unittest.skipUnless(shutil.which("clang++-14"), "no clang++-14")
    def test_is_silent_where_the_lock_is_held(self):
        self.write(
            macros_h=MACROS,
            counter_h=HEADER.replace("Next()", "Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_)"),
            counter_cc='#include "counter.h"\nint Counter::Next() { return next_++; }\n',
        )
        code, text = self.run_main()
        self.assertEqual((code, text), (0, "1 sources, 0 with findings\n"))

    @unittest.skipUnless(shutil.which("clang++-14"), "no clang++-14")
    def test_fails_where_a_source_cannot_be_read_or_none_is_there(self):
        self.write(counter_cc='#include "gone.h"\nint x ABSL_GUARDED_BY(m);\n')
        code, text = self.run_main()
        self.assertEqual(code, 1)
        self.assertIn("gone.h", text)
        self.write(counter_cc="int Two() { return 2; }\n")
        self.assertEqual(self.run_main(), (1, "0 sources, 0 with findings\n"))


if __name__ == "__main__":
    unittest.main()
