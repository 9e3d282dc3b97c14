"""What is right in each scenario: one table, the same for all frameworks."""

import datetime
import json

import exceptions
import model_server
import scenario


def texts(messages, *roles):
    """The words of these roles, of each message that has some."""
    said = []
    for message in messages:
        words = "".join(part.get("text", "") for part in message.get("parts", []))
        if message["role"] in roles and words:
            said.append(words)
    return said


def parts(messages, kind):
    return [p[kind] for m in messages for p in m.get("parts", []) if kind in p]


def calls(interaction):
    made = parts(interaction.get("messages", []), "tool_call")
    # smolagents answers by a call.
    made = [call for call in made if call["name"] != "final_answer"]
    return sorted((c["name"], c.get("arguments_json", "")) for c in made)


def results(interaction):
    """Of each call by its city: the result and whether it went well."""
    messages = interaction.get("messages", [])
    cities = {}
    for call in parts(messages, "tool_call"):
        arguments = json.loads(call.get("arguments_json") or "{}")
        cities[call.get("tool_call_id", "")] = arguments.get("city", "")
    found = [
        (cities[r["tool_call_id"]], r.get("content", ""), r.get("success"))
        for r in parts(messages, "tool_result")
        if cities.get(r.get("tool_call_id"))
    ]
    return sorted(found, key=lambda result: result[0], reverse=True)


def usage(turn):
    kinds = ("calls", "results") if turn.calls_tools else ("answer",)
    return tuple(sum(model_server.TOKENS[kind][i] for kind in kinds) for i in (0, 1))


class Check:
    """Compares the interactions of a scenario with its turns; `wrong` names what differs."""

    def __init__(self, turns, interactions, scores):
        self.wrong = {}
        self.scores = scores
        self.expect("interactions", len(interactions), len(turns))
        for number, (turn, interaction) in enumerate(zip(turns, interactions)):
            self.check_turn(turn, turns[:number], interaction)

    def expect(self, field, got, want):
        if got != want:
            self.wrong.setdefault(field, f"got {got!r}, want {want!r}")

    def check_turn(self, turn, earlier, interaction):
        messages = interaction.get("messages", [])
        history = interaction.get("history", [])
        # What a model that got documents was told begins with the question.
        asked = interaction.get("input", "")
        size = len(turn.question) if turn.retrieves else None
        self.expect("input", asked[:size], turn.question)
        self.expect("output", interaction.get("output", ""), turn.answer)
        self.expect("session", interaction.get("session_id", ""), turn.session)
        self.expect("person", interaction.get("user_id", "")[:2], "u_")
        instructions = texts(history, "ROLE_SYSTEM", "ROLE_DEVELOPER")
        self.expect(
            "instructions", any(scenario.INSTRUCTIONS in text for text in instructions), True
        )
        said = [word for t in earlier for word in (t.question, t.answer)]
        self.expect("history", texts(history, "ROLE_USER", "ROLE_ASSISTANT"), said)
        asked = [text[: len(turn.question)] for text in texts(messages, "ROLE_USER")]
        self.expect("steps", asked, [turn.question])
        self.expect("steps", texts(messages, "ROLE_ASSISTANT"), [turn.answer] * (not turn.fails))
        if turn.calls_tools:
            self.check_tools(interaction)
            evaluations = [signal.get("evaluation", {}) for signal in interaction["signals"]]
            given = [(found.get("name"), found.get("score")) for found in evaluations]
            self.expect("score", given, [scenario.SCORE] * self.scores)
        else:
            self.expect("calls", calls(interaction), [])
        if turn.picture:
            self.check_picture(messages)
        if turn.retrieves:
            self.check_documents(interaction)
        failed = bool(interaction.get("failure", {}))
        self.expect("failure", failed, turn.fails)
        if not turn.fails:
            model = interaction.get("model_version", "")
            self.expect("model", model if scenario.MODEL not in model else "", "")
            got = (
                int(interaction.get("prompt_tokens", 0)),
                int(interaction.get("completion_tokens", 0)),
            )
            self.expect("tokens", got, usage(turn))

    def check_tools(self, interaction):
        # Semantic Kernel puts the plugin's name before it.
        made = [
            (name[-len(scenario.TOOL) :], json.loads(arguments or "{}"))
            for name, arguments in calls(interaction)
        ]
        want = [(scenario.TOOL, {"city": city}) for city in ("Atlantis", "Paris")]
        self.expect("calls", made, want)
        found = results(interaction)
        self.expect("results", len(found), 2)
        for (city, content, success), (want_city, text, well) in zip(
            found, (("Paris", scenario.SUNNY, True), ("Atlantis", scenario.UNKNOWN_CITY, False))
        ):
            self.expect("results", city, want_city)
            # The framework may have words of its own around it.
            if text not in content or len(content) > len(text) + 120:
                self.expect("results", content, text)
            self.expect("success", success, well)
        tools = {tool["name"][-len(scenario.TOOL) :]: tool for tool in interaction.get("tools", [])}
        self.expect("tools", scenario.TOOL in tools, True)
        schema = tools.get(scenario.TOOL, {}).get("parameters_json_schema") or "{}"
        self.expect("tools", "city" in json.loads(schema).get("properties", {}), True)

    def check_documents(self, interaction):
        contexts = interaction.get("contexts", [])
        want = [text for _, text in scenario.DOCUMENTS]
        self.expect("documents", [context.get("text") for context in contexts], want)
        ids = {context["document_id"] for context in contexts if context.get("document_id")}
        self.expect("documents", ids - {name for name, _ in scenario.DOCUMENTS}, set())

    def check_picture(self, messages):
        media = parts(messages, "media")
        self.expect("picture", [m.get("mime_type") for m in media], ["image/png"])
        # Some libraries leave its bytes out, and some pack them anew.
        sizes = [int(m["size_bytes"]) for m in media if "size_bytes" in m]
        self.expect("picture", [size for size in sizes if size < len(scenario.PICTURE) // 2], [])


def microseconds(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


def judge(framework, windows, interactions):
    """{scenario: {field: what is wrong with it}}, by when the scenarios ran."""
    wrong = {}
    for name, turns in scenario.SCENARIOS.items():
        left_out = exceptions.of(framework, name)
        if "all" in left_out:
            wrong[name] = {}
            continue
        if name not in windows:
            wrong[name] = {"interactions": "the application did not get there"}
            continue
        begin_us, end_us = windows[name]
        of_it = [
            interaction
            for interaction in interactions
            if begin_us - 1 <= microseconds(interaction["start_time"]) <= end_us
        ]
        found = Check(turns, of_it, framework in exceptions.SCORES).wrong
        wrong[name] = {field: what for field, what in found.items() if field not in left_out}
    return wrong
