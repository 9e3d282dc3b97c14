#!/usr/bin/env python3
"""Assignment in Python and in TypeScript: the vectors, and a real flywheel-experiment.

    python3 tests/assign/clients_test.py [EXPERIMENT]

EXPERIMENT is the program; without it only the vectors are looked at. What an interpreter or a
package is missing for is skipped, and said. The packages come from where pip and npm are set up to
look, into build/tools/assign-clients.
"""

import contextlib
import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PYTHON = os.path.join(ROOT, "examples", "clients", "python")
TYPESCRIPT = os.path.join(ROOT, "examples", "clients", "typescript")
APPS = os.path.join(HERE, "clients")
TOOLS = os.path.join(ROOT, "build", "tools", "assign-clients")
FETCH_SECONDS = 240
RUN_SECONDS = 120
EXPERIMENT = None
sys.path.insert(0, PYTHON)

from flywheel_assignment import Assignment, hash_text  # noqa: E402


class Vectors(unittest.TestCase):
    def test_python_does_as_the_library(self):
        with open(os.path.join(ROOT, "assign", "vectors.json"), encoding="utf-8") as file:
            vectors = json.load(file)
        for one in vectors["hashes"]:
            found = hash_text(int(one["seed"], 16), one["text"])
            self.assertEqual(found, int(one["hash"], 16), one)
        units = 0
        for one in vectors["experiments"]:
            seed = hash_text(hash_text(0, one["project"]), one["experiment_id"])
            if one["salt"]:
                seed = hash_text(seed, bytes.fromhex(one["salt"]))
            self.assertEqual(seed, int(one["seed"], 16), one["experiment_id"])
            dealt = Assignment(seed, one["weights"], one["control"], one["coverage"])
            for unit_id, position, arm, covered in one["units"]:
                self.assertEqual(dealt.hash_of(unit_id) >> 11, position, unit_id)
                self.assertEqual(dealt.place_of(unit_id), (arm, covered), unit_id)
                units += 1
        self.assertGreater(units, 300)

    @unittest.skipUnless(shutil.which("node"), "no node")
    def test_typescript_does_as_the_library(self):
        run(["node", os.path.join(APPS, "vectors.mjs")])


class Live(unittest.TestCase):
    def setUp(self):
        if EXPERIMENT is None:
            self.skipTest("no flywheel-experiment was named")

    def test_openfeature_serves_as_the_service_does(self):
        packages = os.path.join(TOOLS, "python")
        python = os.path.join(packages, "bin", "python")
        self.fetch(
            packages,
            [sys.executable, "-m", "venv", packages],
            [python, "-m", "pip", "install", "-q", "grpcio", "grpcio-tools", "openfeature-sdk"],
        )
        with tempfile.TemporaryDirectory() as stubs, service() as address:
            out = [f"-I{ROOT}/protos", f"--python_out={stubs}", f"--grpc_python_out={stubs}"]
            protos = sorted(
                proto
                for package in ("common", "experiment")
                for proto in glob.glob(f"{ROOT}/protos/flywheel/{package}/v1/*.proto")
            )
            run([python, "-m", "grpc_tools.protoc", *out, *protos])
            path = os.pathsep.join((stubs, PYTHON))
            run([python, os.path.join(APPS, "openfeature_app.py"), address], PYTHONPATH=path)

    @unittest.skipUnless(shutil.which("npm"), "no npm")
    def test_typescript_serves_as_the_service_does(self):
        packages = os.path.join(TOOLS, "node")
        os.makedirs(packages, exist_ok=True)
        for file in [*glob.glob(f"{TYPESCRIPT}/flywheel_*.mjs"), f"{APPS}/typescript_app.mjs"]:
            shutil.copy(file, packages)
        shutil.copy(os.path.join(TYPESCRIPT, "package.json"), packages)
        self.fetch(packages, ["npm", "install", "--silent", "--prefix", packages])
        with service() as address:
            app = os.path.join(packages, "typescript_app.mjs")
            run(["node", app, address], FLYWHEEL_PROTOS=os.path.join(ROOT, "protos"))

    def fetch(self, packages, *commands):
        """Once; a failure is no failure of ours."""
        installed = os.path.join(packages, "installed")
        if os.path.exists(installed):
            return
        for command in commands:
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS)
            except (OSError, subprocess.SubprocessError) as error:
                self.skipTest(f"the packages cannot be fetched: {error}")
        with open(installed, "w", encoding="utf-8"):
            pass


def run(command, **environment):
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"{command}:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def service():
    """A flywheel-experiment without keys and without a gate; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        log_file = os.path.join(directory, "log")
        arguments = ["--listen", f"127.0.0.1:{port}", "--data-dir", directory]
        with open(log_file, "w", encoding="utf-8") as log:
            process = subprocess.Popen([EXPERIMENT, *arguments], stdout=log, stderr=log)
        try:
            for _ in range(2_000):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                if process.poll() is not None:
                    break
                time.sleep(0.01)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        EXPERIMENT = sys.argv.pop(1)
    unittest.main(verbosity=2)
