# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langchain==1.5.2",
#   "langgraph==1.2.24",
#   "langchain-openai==1.7.4",
#   "openinference-instrumentation-langchain==0.1.80",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""LangChain's agent on LangGraph, watched by OpenInference."""

import langchain_answer
import scenario
from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor

provider = scenario.tracer_provider()
LangChainInstrumentor().instrument()


def answer(turn, history):
    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        return langchain_answer.answer(turn, history)


scenario.run(answer, provider.shutdown, retrieves=True)
