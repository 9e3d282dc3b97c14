"""What is asked of no framework that does not send it: each with the reason, and nothing else."""

NO_TOOL_SPANS = "the application runs the tools, and nobody says whether one failed"
NO_DEFINITIONS = "it records no definitions of tools"
NO_MESSAGES_OF_FAILURES = "of a call that failed it records no messages"
NOT_TOLD = "it was not told to record texts, as by default"
# In the place of a scenario.
ALL = "all"

TEXTS = ["input", "output", "instructions", "history", "steps", "picture"]

# {framework: [(scenario, fields, reason)]}; no fields: the scenario is not run.
EXCEPTIONS = {
    "genai_anthropic_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "genai_langchain_app": [("documents", ["documents"], "of documents it records their ids")],
    "genai_openai_agents_alone_app": [
        (ALL, TEXTS, "what a model was told and said is for the instrumentation of OpenAI's SDK"),
        (ALL, ["tokens"], "it records no tokens"),
        ("tools", ["results", "tools"], "of tools it records their names and arguments"),
    ],
    "genai_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "genai_openai_events_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "genai_openai_true_app": [
        (ALL, TEXTS, "with `true` it warns, and records no texts"),
        ("tools", ["calls", "results", "tools"], "with `true` it warns, and records no texts"),
    ],
    "google_adk_silent_app": [
        (ALL, TEXTS, NOT_TOLD),
        (ALL, ["person"], "it records no person"),
        ("tools", ["calls", "results", "tools"], NOT_TOLD),
    ],
    "litellm_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("streaming", ["session", "person"], "it makes a streamed call a trace of its own"),
    ],
    "logfire_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "logfire_openai_agents_app": [
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES)
    ],
    "node_openai_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
        ("picture", ["picture"], "it leaves pictures out"),
    ],
    "openai_v2_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
    ],
    "openai_v2_latest_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
        ("picture", ["input", "steps", "picture"], "with a picture it records no message"),
    ],
    "openinference_anthropic_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "openinference_crewai_app": [
        ("picture", [], "its tasks take no pictures"),
        ("three turns", ["history"], "each task begins anew"),
    ],
    "openinference_dspy_app": [
        ("tools", [], "it asks for calls in words"),
        ("streaming", ["tokens"], "it records no tokens"),
        ("picture", ["tokens"], "it records no tokens"),
        ("three turns", ["tokens"], "it records no tokens"),
        ("three turns", ["history"], "it tells its model earlier turns in a form of its own"),
    ],
    "openinference_google_adk_app": [
        ("tools", ["tokens"], "it writes all calls of a model into one span: the last one stays"),
        ("failing", ["instructions"], NO_MESSAGES_OF_FAILURES),
    ],
    "openinference_openai_agents_app": [
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES)
    ],
    "openinference_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "openlit_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES),
        ("picture", ["picture"], "it leaves pictures out"),
    ],
    "openllmetry_anthropic_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("streaming", ["tokens"], "it adds a count to the sum that replaces it"),
    ],
    "openllmetry_openai_agents_app": [
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES)
    ],
    "openllmetry_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "smolagents_app": [
        (
            "failing",
            ["input", "steps"],
            "the agent's span does not come, and its model is told more",
        ),
        ("three turns", ["history"], "it tells its model earlier turns in a form of its own"),
    ],
    "traceai_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
}


# Those whose SDK gives the answer a score, by a call that is none of OpenTelemetry's.
SCORES = {"langfuse_app", "mlflow_app", "phoenix_app"}


# Those whose application looks for documents, or gives them to what watches it.
RETRIEVES = {
    "genai_langchain_app",
    "haystack_app",
    "langfuse_app",
    "langfuse_langchain_app",
    "langsmith_app",
    "langwatch_app",
    "mlflow_app",
    "openinference_haystack_app",
    "openinference_langchain_app",
    "openinference_llama_index_app",
    "openllmetry_langchain_app",
    "phoenix_app",
}


def of(name, scenario):
    """The fields that are left out there."""
    if scenario == "documents" and name not in RETRIEVES:
        return {"all"}
    left_out = set()
    for where, fields, _ in EXCEPTIONS.get(name, []):
        if where in (scenario, ALL):
            left_out.update(fields or ["all"])
    return left_out


def sends_texts(name):
    """Whether it says what was asked and answered, in any scenario."""
    return (ALL, TEXTS) not in [(where, fields) for where, fields, _ in EXCEPTIONS.get(name, [])]


def reasons(name):
    """[(scenario, fields, reason)]"""
    return EXCEPTIONS.get(name, [])
