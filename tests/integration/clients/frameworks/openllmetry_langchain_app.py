# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langchain==1.5.2",
#   "langgraph==1.2.24",
#   "langchain-openai==1.7.4",
#   "opentelemetry-instrumentation-langchain==0.62.4",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""LangChain's agent on LangGraph, watched by OpenLLMetry."""

import langchain_answer
import scenario
from opentelemetry.instrumentation.langchain import LangchainInstrumentor

provider = scenario.tracer_provider()
LangchainInstrumentor().instrument()


def answer(turn, history):
    with scenario.request_span(turn):
        return langchain_answer.answer(turn, history)


scenario.run(answer, provider.shutdown, retrieves=True)
