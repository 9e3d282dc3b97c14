"""Files that nothing uses, and links to files that are not there."""

import os
import re

# Found by their name or place: by git, editors, Docker, CMake and the host of the repository.
BY_CONVENTION = re.compile(
    r"^\.|^(LICENSE|Dockerfile|compose\.yaml|dev|CMakePresets\.json|README\.md)$"
    r"|(^|/)CMakeLists\.txt$"
)


def check_headers(repository):
    included = {}
    for path in repository.named(".h", ".cc"):
        for name in re.findall(r'^#include "([^"]+)"', repository.text(path), re.M):
            # Its own source does not count: then nobody calls that either.
            if os.path.splitext(name)[0] != os.path.splitext(path)[0]:
                included.setdefault(name, path)
    for path in repository.named(".h"):
        if path not in included:
            yield f"{path}:1: no other file includes it, want it used or deleted"


def check_targets(repository):
    """A source in no target is never compiled, and a test in no target never run."""
    built = []
    for path in repository.named("CMakeLists.txt"):
        for name in re.findall(r"[\w./${}-]+\.cc\b", repository.text(path)):
            name = os.path.normpath(os.path.join(os.path.dirname(path), name))
            # A function of CMake puts names together: ${name}_fuzz.cc.
            built.append(re.sub(r"\\\$\\\{\w+\\\}", r"[\\w-]+", re.escape(name)))
    built = re.compile("|".join(built) or "$^")
    for path in repository.named(".cc"):
        if not built.fullmatch(path):
            yield f"{path}:1: in no CMakeLists.txt, want it in a target or deleted"


def check_corpora(repository):
    """A fuzzer reads the folder of its name."""
    fuzzers = {os.path.basename(path)[:-8] for path in repository.named("_fuzz.cc")}
    for path in repository.paths:
        match = re.match(r"tests/fuzz/corpus/([^/]+)/", path)
        if match and match.group(1) not in fuzzers:
            yield f"{path}:1: no fuzzer {match.group(1)}_fuzz.cc, want one or the file deleted"


def check_schema_dumps(repository):
    """Stores of earlier versions are read by the test of the schema beside their folder."""
    for path in repository.paths:
        match = re.match(r"(tests/.+)/schema_dumps/", path)
        if match and f"{match.group(1)}/schema_test.cc" not in repository.paths:
            yield f"{path}:1: no {match.group(1)}/schema_test.cc, want one or the file deleted"


def check_data(repository):
    """Scripts, samples and lists: some other file has to name each."""
    known_otherwise = (".cc", ".h", ".proto", ".md", "_test.py")
    for path in repository.paths:
        # Whether those are of use is for check_corpora, check_schema_dumps and check_contracts.py.
        elsewhere = path.startswith(("tests/fuzz/corpus/", "tools/contracts/"))
        elsewhere = elsewhere or "/schema_dumps/" in path
        if elsewhere or path.endswith(known_otherwise) or BY_CONVENTION.search(path):
            continue
        # A module of Python or Node may be named without its ending.
        stem, extension = os.path.splitext(os.path.basename(path))
        name = stem if extension in (".py", ".mjs") else stem + extension
        named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        texts = (repository.text(other) for other in repository.paths if other != path)
        # The plain search is a hundred times as fast, and mostly finds nothing.
        if not any(name in text and named.search(text) for text in texts):
            yield f"{path}:1: no other file names it, want it used or deleted"


def links(repository, path):
    """Each link to a file outside of examples of code: its line, and what it says."""
    in_code = False
    for number, line in enumerate(repository.lines(path), 1):
        in_code ^= line.startswith("```")
        for target in [] if in_code else re.findall(r"\]\(([^)#\s]+)", line):
            if not re.match(r"[a-z]+:", target):
                yield number, target


def check_links(repository):
    for path in repository.named(".md"):
        for number, target in links(repository, path):
            if not os.path.exists(repository.at(os.path.join(os.path.dirname(path), target))):
                yield f"{path}:{number}: broken link to {target}"


def named_paths(repository, path):
    """Each path of this repository that a document names in backticks, and its line."""
    roots = {p.split("/")[0] for p in repository.paths if "/" in p}
    in_code = False
    for number, line in enumerate(repository.lines(path), 1):
        in_code ^= line.startswith("```")
        for name in [] if in_code else re.findall(r"`([\w./{},*<>-]+)`", line):
            if name.split("/")[0] in roots and "/" in name:
                yield number, name


def check_named_paths(repository):
    """A file is renamed sooner than a sentence about it. CHANGELOG.md speaks of what was."""
    known = {"/".join(p.split("/")[:n]) for p in repository.paths for n in range(1, 9)}
    # Without their ending files stand for header and source together.
    known |= {os.path.splitext(path)[0] for path in known}
    for path in repository.named(".md"):
        if path == "CHANGELOG.md":
            continue
        for number, name in named_paths(repository, path):
            # a/{b,c}.h is two files, and a * or <name> any.
            before, _, rest = name.rstrip("/").partition("{")
            middle, _, after = rest.partition("}")
            for part in middle.split(","):
                wanted = re.escape(before + part + after).replace(r"\*", "[^/]*")
                wanted = re.sub("<[^/]*>", "[^/]*", wanted)
                if not any(re.fullmatch(wanted, one) for one in known):
                    yield f"{path}:{number}: no {before + part + after}, want what it is called now"


def check_documents(repository):
    """A link to a folder is one to the README in it, and to pages that lie there as a list."""
    linked = set()
    for path in repository.named(".md"):
        for _, target in links(repository, path):
            target = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if target != path:
                linked.update((target, target + "/README.md"))
    for path in repository.named(".md"):
        in_linked_folder = os.path.dirname(path) in linked
        if not BY_CONVENTION.search(path) and path not in linked and not in_linked_folder:
            yield f"{path}:1: no other document links it, want a link or the page deleted"


RULES = (
    check_headers,
    check_targets,
    check_corpora,
    check_schema_dumps,
    check_data,
    check_links,
    check_named_paths,
    check_documents,
)
