# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langfuse==5.0.4",
#   "langchain==1.5.2",
#   "langgraph==1.2.24",
#   "langchain-openai==1.7.4",
# ]
# ///
"""LangChain's agent on LangGraph, watched by Langfuse's handler."""

import os

import scenario

os.environ["LANGFUSE_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["LANGFUSE_PUBLIC_KEY"] = "weather"
os.environ["LANGFUSE_SECRET_KEY"] = "key"
import langchain_answer  # noqa: E402
from langfuse import get_client, propagate_attributes  # noqa: E402
from langfuse.langchain import CallbackHandler  # noqa: E402

handler = CallbackHandler()


def answer(turn, history):
    with propagate_attributes(session_id=turn.session, user_id=scenario.USER):
        return langchain_answer.answer(turn, history, callbacks=[handler])


scenario.run(answer, get_client().shutdown, retrieves=True)
