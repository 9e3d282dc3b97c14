# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langchain==1.5.2",
#   "langgraph==1.2.24",
#   "langchain-openai==1.7.4",
#   "langsmith[otel]==0.15.1",
# ]
# ///
"""LangChain's agent on LangGraph, watched by LangSmith's export to OpenTelemetry."""

import os

os.environ["LANGSMITH_TRACING"] = "true"
os.environ["LANGSMITH_OTEL_ENABLED"] = "true"
os.environ["LANGSMITH_OTEL_ONLY"] = "true"
os.environ["LANGSMITH_API_KEY"] = "key"
os.environ["LANGSMITH_ENDPOINT"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
import langchain_answer  # noqa: E402
import scenario  # noqa: E402
from langchain_core.tracers.langchain import wait_for_all_tracers  # noqa: E402
from opentelemetry import trace  # noqa: E402


def answer(turn, history):
    metadata = {"thread_id": turn.session, "user_id": scenario.USER}
    return langchain_answer.answer(turn, history, metadata=metadata)


def shutdown():
    wait_for_all_tracers()
    trace.get_tracer_provider().force_flush()


scenario.run(answer, shutdown, retrieves=True)
