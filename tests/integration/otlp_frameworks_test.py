#!/usr/bin/env python3
"""Agents of real frameworks against a real flywheel-ingest: is what is stored what happened?

    python3 tests/integration/otlp_frameworks_test.py INGEST [NAME...]
    python3 tests/integration/otlp_frameworks_test.py INGEST --update
    python3 tests/integration/otlp_frameworks_test.py --check

INGEST is the program; NAMEs are of clients/frameworks/NAME.py, such as agno_app, without them all.
Each says in its head which packages it needs; they come from the registry into an environment of
its own in build/tools/otlp-frameworks. Those of applications in Node, NAME.mjs, stand in
clients/frameworks/package.json, and ./dev test fetches them into build/tools/otlp-frameworks-node.
What cannot be fetched is skipped, and said; exit code 77 where nothing was left. A fake model
answers, so that what is right is known: clients/frameworks/expectations.py has it, once for all.

What came out has to be what clients/frameworks/results.json says; --update writes that file, and
the table of docs/integrate/opentelemetry.md from it. --check only says whether the table is stale.
"""

import argparse
import concurrent.futures
import dataclasses
import filecmp
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FRAMEWORKS = os.path.join(HERE, "clients", "frameworks")
TOOLS = os.path.join(ROOT, "build", "tools", "otlp-frameworks")
NODE_TOOLS = os.path.join(ROOT, "build", "tools", "otlp-frameworks-node")
RESULTS = os.path.join(FRAMEWORKS, "results.json")
sys.path.insert(0, FRAMEWORKS)

SKIPPED = 77
# Nothing new is begun after so long, with --update after ten times that.
ALL_SECONDS = 390
# The longest fetch and run of one.
FETCH_SECONDS = 180
RUN_SECONDS = 120
# The packages are those of this day, so that a release breaks no test.
PACKAGES_OF = "2026-11-29T00:00:00Z"
PARALLEL = 3


def apps():
    paths = [path for kind in ("py", "mjs") for path in glob.glob(f"{FRAMEWORKS}/*_app.{kind}")]
    return sorted(os.path.splitext(os.path.basename(path))[0] for path in paths)


def in_node(name):
    return os.path.exists(os.path.join(FRAMEWORKS, f"{name}.mjs"))


def environment(**others):
    return {
        **os.environ,
        "UV_CACHE_DIR": os.path.join(TOOLS, "cache"),
        "UV_EXCLUDE_NEWER": PACKAGES_OF,
        "UV_PYTHON_DOWNLOADS": "never",
        "PYTHONWARNINGS": "ignore",
        **others,
    }


def uv(*arguments):
    return [os.path.join(TOOLS, "bin", "uv"), *arguments]


def fetch(name):
    """Its packages; why not, where they cannot be had."""
    if in_node(name):
        installed = os.path.join(NODE_TOOLS, "installed")
        wanted = os.path.join(FRAMEWORKS, "package.json")
        if os.path.exists(installed) and filecmp.cmp(installed, wanted, shallow=False):
            return ""
        return "its packages are not there; './dev test' fetches them where npm can"
    path = os.path.join(FRAMEWORKS, f"{name}.py")
    try:
        done = subprocess.run(
            uv("sync", "-q", "--script", path),
            env=environment(),
            cwd=tempfile.gettempdir(),
            stderr=subprocess.PIPE,
            timeout=FETCH_SECONDS,
            text=True,
        )
    except subprocess.TimeoutExpired:
        return f"its packages did not come within {FETCH_SECONDS} s"
    if done.returncode == 0:
        return ""
    return "its packages cannot be had: " + " ".join(done.stderr.split())[-200:]


def place_node_app(name, directory):
    """Puts it where its packages are found from; what runs it there."""
    for path in glob.glob(os.path.join(FRAMEWORKS, "*.mjs")):
        shutil.copy(path, directory)
    os.symlink(os.path.join(NODE_TOOLS, "node_modules"), os.path.join(directory, "node_modules"))
    # That of the distribution may be older than the packages want.
    own = glob.glob(os.path.join(NODE_TOOLS, "node_modules", "node-linux-*", "bin", "node"))
    return [own[0] if own else "node", f"{name}.mjs"]


def scenario_for_node():
    """What scenario.mjs takes of scenario.py."""
    import scenario

    turns = {
        name: [dataclasses.asdict(turn) for turn in asked]
        for name, asked in scenario.SCENARIOS.items()
    }
    return {
        "scenarios": turns,
        "model": scenario.MODEL,
        "instructions": scenario.INSTRUCTIONS,
        "user": scenario.USER,
        "tool": scenario.TOOL,
        "tool_description": scenario.TOOL_DESCRIPTION,
        "tools": scenario.OPENAI_TOOLS,
        "sunny": scenario.SUNNY,
        "unknown_city": scenario.UNKNOWN_CITY,
        "picture_url": scenario.PICTURE_URL,
    }


def run_app(name, ingest, model_url):
    """When each scenario began and ended, in microseconds, by the application's own account."""
    variables = {
        "MODEL_URL": model_url,
        "OTEL_EXPORTER_OTLP_ENDPOINT": ingest.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_SERVICE_NAME": "weather-backend",
        # LiteLLM would fetch its prices, and wait for those.
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    command = uv("run", "-q", "--script", os.path.join(FRAMEWORKS, f"{name}.py"))
    windows = {}
    with tempfile.TemporaryDirectory(prefix="flywheel-app-") as directory:
        if in_node(name):
            command = place_node_app(name, directory)
            variables["SCENARIO_JSON"] = json.dumps(scenario_for_node())
        done = subprocess.run(
            command,
            env=environment(**variables),
            cwd=directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=RUN_SECONDS,
            text=True,
        )
    for line in done.stdout.splitlines():
        if line.startswith('{"scenario"'):
            window = json.loads(line)
            windows[window["scenario"]] = (window["begin_us"], window["end_us"])
    return windows, done.stderr


class Skipped(Exception):
    """Says why."""


class Runner:
    """Runs applications, each with an ingest of its own."""

    def __init__(self, binary, seconds):
        import ingest_process
        import model_server
        import scenario

        self.make_ingest = lambda: ingest_process.IngestProcess(binary, self.contract)
        self.contract = ingest_process.Contract(ROOT)
        self.model_url = model_server.ModelServer(scenario.SCRIPT).start()
        self.seconds = seconds
        self.until = time.monotonic() + seconds

    def run(self, name):
        """{scenario: {field: what is wrong with it}}, and what the application complained of."""
        import expectations

        if time.monotonic() > self.until:
            raise Skipped(f"not begun within {self.seconds} s")
        if why := fetch(name):
            raise Skipped(why)
        with self.make_ingest() as ingest:
            try:
                windows, complaints = run_app(name, ingest, self.model_url)
            except subprocess.TimeoutExpired:
                # A slow machine says nothing of the framework.
                raise Skipped(f"it did not end within {RUN_SECONDS} s") from None
            return expectations.judge(name, windows, ingest.interactions()), complaints


def report(name, wrong, complaints):
    """Says what is wrong, for people; the fields that are, for the file."""
    fields = {scenario: sorted(found) for scenario, found in wrong.items() if found}
    right = len(wrong) - len(fields)
    print(f"{name}: {right} of {len(wrong)} scenarios right")
    for scenario in fields:
        for field, what in wrong[scenario].items():
            print(f"  {scenario}, {field}: {what[:300]}")
    if "interactions" in sum(fields.values(), []) and complaints:
        print("  " + complaints.strip()[-600:].replace("\n", "\n  "))
    return fields


def run_all(binary, names, known, seconds):
    """What came out, {name: {scenario: [field]}}, and which of it, twice, is not what is known."""
    runner = Runner(binary, seconds)
    found, surprises, skipped = {}, [], []
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        runs = [(name, pool.submit(runner.run, name)) for name in names]
        for name, run in runs:
            try:
                found[name] = report(name, *run.result())
            except Skipped as why:
                skipped.append(name)
                print(f"{name}: SKIPPED, {why}")
                continue
            if found[name] != known.get(name):
                surprises.append(name)
                print(f"  results.json has {known.get(name)}")
    # Once more and alone: beside others an agent may give up on what is slow.
    runner.until = time.monotonic() + seconds
    for name in list(surprises):
        try:
            again = report(name, *runner.run(name))
        except Skipped as why:
            print(f"{name}: not tried again, {why}")
            continue
        if again == known.get(name):
            found[name] = again
            surprises.remove(name)
    right = sum(not wrong for wrong in found.values())
    print(f"Right in every scenario: {right} of {len(found)}; skipped: {len(skipped)}")
    return found, surprises


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("ingest", nargs="?", help="the program flywheel-ingest")
    parser.add_argument("names", nargs="*", help="frameworks; all by default")
    parser.add_argument("--update", action="store_true", help="write results and table")
    parser.add_argument("--check", action="store_true", help="whether the table is stale")
    arguments = parser.parse_args()
    import frameworks_table

    with open(RESULTS, encoding="utf-8") as file:
        known = json.load(file)
    if arguments.check:
        return frameworks_table.check(ROOT, FRAMEWORKS, known)
    if not os.path.exists(os.path.join(TOOLS, "installed")):
        print("SKIPPED: no uv to fetch frameworks with; './dev test' fetches it where pip can")
        return SKIPPED
    own = os.path.join(TOOLS, "bin", "python")
    if os.path.realpath(sys.prefix) != os.path.realpath(TOOLS):
        os.execv(own, [own, *sys.argv])
    if not arguments.ingest:
        parser.error("ingest: got nothing, want the program flywheel-ingest")
    names = arguments.names or apps()
    seconds = ALL_SECONDS * (10 if arguments.update else 1)
    found, surprises = run_all(os.path.abspath(arguments.ingest), names, known, seconds)
    if arguments.update:
        known = {name: wrong for name, wrong in {**known, **found}.items() if name in apps()}
        with open(RESULTS, "w", encoding="utf-8") as file:
            file.write(json.dumps(known, indent=2, sort_keys=True) + "\n")
        frameworks_table.write(ROOT, FRAMEWORKS, known)
        return 0
    if surprises:
        print(f"FAILED: other than results.json: {', '.join(surprises)}; --update where it should")
        return 1
    return 0 if found else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
