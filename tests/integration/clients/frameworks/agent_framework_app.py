# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "agent-framework-core==1.23.0",
#   "agent-framework-openai==1.17.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Microsoft's Agent Framework with spans of its own."""

import os

os.environ["ENABLE_INSTRUMENTATION"] = "true"
os.environ["ENABLE_SENSITIVE_DATA"] = "true"
import scenario  # noqa: E402

provider = scenario.tracer_provider()
from agent_framework import Agent, Content, Message  # noqa: E402
from agent_framework.observability import enable_instrumentation  # noqa: E402
from agent_framework.openai import OpenAIChatCompletionClient  # noqa: E402

enable_instrumentation(enable_sensitive_data=True)


async def ask(turn, history):
    agent = Agent(
        client=OpenAIChatCompletionClient(
            model=scenario.MODEL, base_url=scenario.openai_url(), api_key="none"
        ),
        name="weather_bot",
        instructions=scenario.INSTRUCTIONS,
        tools=[scenario.get_weather],
    )
    messages = []
    for question, said in history:
        messages += [Message("user", [question]), Message("assistant", [said])]
    contents = [Content.from_text(turn.question)]
    if turn.picture:
        contents.append(Content.from_data(scenario.PICTURE, "image/png"))
    messages.append(Message("user", contents))
    if turn.stream:
        return "".join([update.text async for update in agent.run(messages, stream=True)])
    return (await agent.run(messages)).text


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.wait(ask(turn, history))


scenario.run(answer, provider.shutdown)
