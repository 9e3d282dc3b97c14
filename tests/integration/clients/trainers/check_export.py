"""Reads an export as trainers of open models do.

Arguments: the export of a dataset version as prompt-completion, the same as openai-chat, as
preference, as unpaired-preference, and as parquet. Exit code 1 where a line cannot be loaded or
written by a chat template, or where a template writes something else than the line says. The
templates of Qwen, Llama, GLM, Gemma and gpt-oss are those that TRL brings along as their families
publish them; Mistral's are in its own library.
"""

import collections
import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import datasets  # noqa: E402
import duckdb  # noqa: E402
import mistral_common  # noqa: E402
import pyarrow.parquet  # noqa: E402
import trl  # noqa: E402
from mistral_common.protocol.instruct.request import ChatCompletionRequest  # noqa: E402
from mistral_common.protocol.instruct.validator import ValidationMode  # noqa: E402
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer  # noqa: E402
from tokenizers import Tokenizer, models  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402
from trl.data_utils import apply_chat_template, is_conversational  # noqa: E402

# Those that write a call as a JSON object, which can be looked for as it stands.
JSON_TEMPLATES = ["qwen2_5", "qwen3", "llama3_1", "gptoss"]
# Those that write it in their own way.
OTHER_TEMPLATES = ["qwen3_5_nothink", "glm4moe", "gemma4"]
MISTRAL = "mistral_instruct_tokenizer_241114.model.v7"

faults = collections.Counter()


def check(holds, fault):
    if not holds:
        faults[fault] += 1
    return holds


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def load(path):
    """The lines as the library `datasets` gives them, without the keys that it adds as None."""
    rows = datasets.load_dataset("json", data_files=path, split="train")
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def template(name):
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>")),
        unk_token="<unk>", bos_token="<s>", eos_token="</s>")
    path = pathlib.Path(trl.__file__).parent / "chat_templates" / f"{name}.jinja"
    tokenizer.chat_template = path.read_text(encoding="utf-8")
    return tokenizer


def calls_of(messages):
    return [call["function"] for message in messages for call in message.get("tool_calls", [])]


def leaves(value):
    """The texts and numbers inside of arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value] if isinstance(value, str) else [json.dumps(value)]


def check_written(name, line, written):
    """What a template wrote holds what the line says, the completion behind the prompt."""
    for function in calls_of(line["completion"]):
        check(function["name"] in written["completion"], f"{name}: names what is called")
        if name in JSON_TEMPLATES:
            # One that was a text would be written with escaped quotes.
            want = json.dumps(function["arguments"], ensure_ascii=False)
            check(want in written["completion"], f"{name}: writes arguments as an object")
            continue
        for leaf in leaves(function["arguments"]):
            shown = leaf in written["completion"] or json.dumps(leaf)[1:-1] in written["completion"]
            check(shown, f"{name}: writes arguments")
    for side in ("prompt", "completion"):
        for message in line[side]:
            # Llama's template leaves out what is said beside a call.
            if message.get("tool_calls") or not message["content"]:
                continue
            content = message["content"].strip()
            shown = content in written[side] or json.dumps(content)[1:-1] in written[side]
            check(shown or json.dumps(content, ensure_ascii=False)[1:-1] in written[side],
                  f"{name}: writes what the {message['role']} says in the {side}")


def rendered(lines, name):
    tokenizer = template(name)
    count = 0
    for line in lines:
        example = {"prompt": line["prompt"], "completion": line["completion"]}
        if not check(is_conversational(example), "TRL: is a conversation"):
            continue
        try:
            written = apply_chat_template(example, tokenizer, tools=line.get("tools"))
        except Exception as error:  # Of jinja, of the template, of transformers.
            faults[f"{name}: {error!r}"] += 1
            continue
        check_written(name, line, written)
        count += 1
    return count


def encoded_by_mistral(lines):
    tokenizer = MistralTokenizer.from_file(
        str(pathlib.Path(mistral_common.__file__).parent / "data" / MISTRAL),
        mode=ValidationMode.finetuning)
    count = 0
    for line in lines:
        try:
            request = ChatCompletionRequest.from_openai(
                messages=line["prompt"] + line["completion"], tools=line.get("tools"))
            text = tokenizer.encode_chat_completion(request).text
        except Exception as error:  # Of its validator, of pydantic.
            faults[f"Mistral: {error!r}"] += 1
            continue
        for function in calls_of(line["completion"]):
            check(function["name"] in text, "Mistral: names what is called")
        count += 1
    return count


def same(line, chat):
    """A line of both formats says the same."""
    messages = line["prompt"] + line["completion"]
    check(line["metadata"] == chat["metadata"], "formats: same row")
    check(len(messages) == len(chat["messages"]), "formats: as many messages")
    for i, (one, other) in enumerate(zip(messages, chat["messages"])):
        check((one["role"], one["content"]) == (other["role"], other["content"]),
              "formats: same words")
        theirs = [(call["name"], json.loads(call["arguments"])) for call in calls_of([other])]
        check([(call["name"], call["arguments"]) for call in calls_of([one])] == theirs,
              "formats: same calls")
        if one["role"] == "assistant":
            taught = i >= len(line["prompt"])
            check(other.get("weight", 1) == int(taught), "formats: the same is taught")


def rendered_preferences(pairs, judged, name):
    """Both answers behind one prompt, and each by itself, as TRL writes them for DPO and KTO."""
    tokenizer = template(name)
    count = 0
    for line in pairs + judged:
        keys = ("prompt", "chosen", "rejected") if "chosen" in line else ("prompt", "completion")
        example = {key: line[key] for key in keys}
        if "label" in line:
            example["label"] = line["label"]
        if not check(is_conversational(example), "TRL: is a conversation"):
            continue
        try:
            written = apply_chat_template(example, tokenizer, tools=line.get("tools"))
        except Exception as error:  # Of jinja, of the template, of transformers.
            faults[f"{name}, preference: {error!r}"] += 1
            continue
        check(written.get("label", True) == line.get("label", True), f"{name}: keeps the label")
        if "chosen" in line:
            check(written["chosen"] != written["rejected"], f"{name}: tells the answers apart")
        count += 1
    return count


def check_parquet(path, lines):
    """The file of all fields, as pyarrow, DuckDB and datasets read it."""
    table = pyarrow.parquet.read_table(path).to_pydict()
    rows = len(table["interaction_id"])
    metadata = pyarrow.parquet.read_metadata(path)
    check(metadata.num_rows == rows >= len(lines), "Parquet: as many rows")
    check(metadata.metadata[b"flywheel.dataset_version_id"] == b"d1", "Parquet: names its version")
    place = {id: i for i, id in enumerate(table["interaction_id"])}
    for line in lines:
        i = place[line["metadata"]["interaction_id"]]
        for key in ("tier", "weight", "source", "provenance"):
            check(table[key][i] == line["metadata"][key], f"Parquet: the same {key}")
        ideal = json.loads(table["ideal"][i])
        check(ideal[-1]["content"] == line["completion"][-1]["content"], "Parquet: the same ideal")
    file = f"read_parquet('{path}')"
    counted = duckdb.sql(f"SELECT COUNT(*), SUM(weight) FROM {file}").fetchone()
    check(counted[0] == rows, "DuckDB: as many rows")
    check(abs(counted[1] - sum(table["weight"])) < 1e-6, "DuckDB: the same weights")
    first = duckdb.sql(
        f"SELECT json_extract_string(ideal, '$[0].role') FROM {file} LIMIT 1").fetchone()
    check(first[0] == "assistant", "DuckDB: reads the JSON")
    loaded = datasets.load_dataset("parquet", data_files=path, split="train")
    check(len(loaded) == rows, "datasets: as many rows")
    print(f"Parquet: {rows} rows by pyarrow {pyarrow.__version__}, DuckDB {duckdb.__version__}, "
          f"datasets {datasets.__version__}")


def main():
    lines, chats = read(sys.argv[1]), read(sys.argv[2])
    check(len(lines) == len(chats) > 0, "formats: as many lines")
    for line, chat in zip(lines, chats):
        same(line, chat)
    taught = sum(len(calls_of(line["completion"])) for line in lines)
    print(f"{len(lines)} lines, {taught} taught calls")
    loader = f"datasets {datasets.__version__}"
    for path, want in ((sys.argv[1], lines), (sys.argv[2], chats)):
        got = load(path)
        equal = sum(a == b for a, b in zip(got, want))
        check(len(got) == equal == len(want), f"{loader}: loads what is written")
        print(f"{loader}: {equal} of {len(want)} lines equal ({pathlib.Path(path).name})")
    for name in JSON_TEMPLATES + OTHER_TEMPLATES:
        count = rendered(lines, name)
        print(f"TRL {trl.__version__}, {name}: {count} of {len(lines)} lines written")
    count = encoded_by_mistral(lines)
    print(f"mistral-common {mistral_common.__version__}: {count} of {len(lines)} lines encoded")
    pairs, judged = read(sys.argv[3]), read(sys.argv[4])
    check(len(pairs) >= 20, "formats: corrections make pairs")
    check(len(judged) >= len(lines) + len(pairs), "formats: every row is judged")
    for path, want in ((sys.argv[3], pairs), (sys.argv[4], judged)):
        if want:
            check(len(load(path)) == len(want), f"{loader}: loads preferences")
    count = rendered_preferences(pairs, judged, "qwen3")
    print(f"TRL {trl.__version__}, qwen3: {count} of {len(pairs)} pairs and {len(judged)} "
          "judgements written")
    check_parquet(sys.argv[5], lines)
    for fault, count in faults.most_common(20):
        print(f"WRONG {count} times: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
