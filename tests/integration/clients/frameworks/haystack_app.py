# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "haystack-ai==3.4.1",
#   "opentelemetry-haystack==2.0.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Haystack's agent with its own tracer."""

import os

os.environ["HAYSTACK_CONTENT_TRACING_ENABLED"] = "true"
os.environ["OPENAI_API_KEY"] = "none"
import scenario  # noqa: E402

provider = scenario.tracer_provider()
from haystack.components.agents import Agent  # noqa: E402
from haystack.components.generators.chat import OpenAIChatGenerator  # noqa: E402
from haystack.dataclasses import ChatMessage, ImageContent  # noqa: E402
from haystack.tools import create_tool_from_function  # noqa: E402
from haystack_integrations.components.connectors.opentelemetry import (  # noqa: E402
    OpenTelemetryConnector,
)

connector = OpenTelemetryConnector()


def make_agent(turn):
    return Agent(
        chat_generator=OpenAIChatGenerator(
            model=scenario.MODEL,
            api_base_url=scenario.openai_url(),
            max_retries=0,
            generation_kwargs={"stream_options": {"include_usage": True}} if turn.stream else {},
        ),
        system_prompt=scenario.INSTRUCTIONS,
        tools=[create_tool_from_function(scenario.get_weather)],
    )


def answer(turn, history):
    messages = []
    for question, said in history:
        messages += [ChatMessage.from_user(question), ChatMessage.from_assistant(said)]
    parts = [turn.question]
    if turn.picture:
        parts.append(ImageContent(base64_image=scenario.PICTURE_BASE64, mime_type="image/png"))
    messages.append(ChatMessage.from_user(content_parts=parts))
    options = {"streaming_callback": lambda chunk: None} if turn.stream else {}
    with scenario.request_span(turn):
        return make_agent(turn).run(messages=messages, **options)["last_message"].text


scenario.run(answer, provider.shutdown)
