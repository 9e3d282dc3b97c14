"""What is asked of no framework that does not send it: each with the reason, and nothing else."""

NO_TOOL_SPANS = "the application runs the tools, and nobody says whether one failed"
NO_DEFINITIONS = "it records no definitions of tools"
NO_MESSAGES_OF_FAILURES = "of a call that failed it records no messages"

# {framework: [(scenario, fields, reason)]}; no fields: the scenario is not run.
EXCEPTIONS = {
    "genai_anthropic_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "openinference_anthropic_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "traceai_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "genai_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "litellm_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("streaming", ["session", "person"], "it makes a streamed call a trace of its own"),
    ],
    "logfire_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "openai_v2_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
    ],
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
    "openinference_openai_app": [("tools", ["success"], NO_TOOL_SPANS)],
    "openinference_openai_agents_app": [
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES)
    ],
    "openlit_app": [
        ("tools", ["success"], NO_TOOL_SPANS),
        ("tools", ["tools"], NO_DEFINITIONS),
        ("failing", ["input", "instructions", "steps"], NO_MESSAGES_OF_FAILURES),
        ("picture", ["picture"], "it leaves pictures out"),
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
}


# Those whose SDK gives the answer a score, by a call that is none of OpenTelemetry's.
SCORES = {"langfuse_app", "mlflow_app", "phoenix_app"}


# Those whose application looks for documents, or gives them to what watches it.
RETRIEVES = {
    "haystack_app",
    "langfuse_app",
    "langsmith_app",
    "langwatch_app",
    "mlflow_app",
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
        if where == scenario:
            left_out.update(fields or ["all"])
    return left_out


def reasons(name):
    """[(scenario, fields, reason)]"""
    return EXCEPTIONS.get(name, [])
