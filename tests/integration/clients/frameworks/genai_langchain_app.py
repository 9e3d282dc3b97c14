# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langchain==1.5.2",
#   "langgraph==1.2.24",
#   "langchain-openai==1.7.4",
#   "opentelemetry-instrumentation-genai-langchain==1.3b0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""LangChain's agent on LangGraph, watched by OpenTelemetry's own instrumentation."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
import langchain_answer  # noqa: E402
import scenario  # noqa: E402
from opentelemetry.instrumentation.genai.langchain import LangChainInstrumentor  # noqa: E402

provider = scenario.tracer_provider()
LangChainInstrumentor().instrument()


def answer(turn, history):
    with scenario.request_span(turn):
        return langchain_answer.answer(turn, history)


scenario.run(answer, provider.shutdown, retrieves=True)
