# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "semantic-kernel==1.45.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Semantic Kernel with spans of its own."""

import os

os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS"] = "true"
os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE"] = "true"
import logging  # noqa: E402

import openai  # noqa: E402
import scenario  # noqa: E402

provider = scenario.tracer_provider(logs=True)
from opentelemetry.sdk._logs import LoggingHandler  # noqa: E402
from semantic_kernel.agents import ChatCompletionAgent, ChatHistoryAgentThread  # noqa: E402
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion  # noqa: E402
from semantic_kernel.contents import (
    ChatHistory,
    ChatMessageContent,
    ImageContent,
    TextContent,
)  # noqa: E402
from semantic_kernel.functions import kernel_function  # noqa: E402

logging.getLogger().addHandler(LoggingHandler())
logging.getLogger("semantic_kernel").setLevel(logging.INFO)


class Weather:
    @kernel_function(name=scenario.TOOL, description=scenario.TOOL_DESCRIPTION)
    def get_weather(self, city: str) -> str:
        return scenario.get_weather(city)


async def ask(turn, history):
    client = openai.AsyncOpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)
    agent = ChatCompletionAgent(
        service=OpenAIChatCompletion(ai_model_id=scenario.MODEL, async_client=client),
        name="weather_bot",
        instructions=scenario.INSTRUCTIONS,
        plugins=[Weather()],
    )
    said = ChatHistory()
    for question, words in history:
        said.add_user_message(question)
        said.add_assistant_message(words)
    thread = ChatHistoryAgentThread(chat_history=said)
    items = [TextContent(text=turn.question)]
    if turn.picture:
        items.append(ImageContent(data_uri=scenario.PICTURE_URL))
    message = ChatMessageContent(role="user", items=items)
    if turn.stream:
        return "".join(
            [str(part.message) async for part in agent.invoke_stream(message, thread=thread)]
        )
    return str((await agent.get_response(message, thread=thread)).message)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.wait(ask(turn, history))


scenario.run(answer, provider.shutdown)
