# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "openai-agents==0.24.0",
#   "openinference-instrumentation-openai-agents==2.6.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenAI's Agents SDK over its Responses API, watched by OpenInference."""

import os

os.environ["OPENAI_API_KEY"] = "none"
import openai  # noqa: E402
import scenario  # noqa: E402
from agents import (
    Agent,
    Runner,
    function_tool,
    set_default_openai_client,
    set_trace_processors,
)  # noqa: E402
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor  # noqa: E402

provider = scenario.tracer_provider()
set_trace_processors([])
OpenAIAgentsInstrumentor().instrument()
set_default_openai_client(
    openai.AsyncOpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)
)


def tell_error(context, error):
    return f"Error: {error}"


agent = Agent(
    "weather_bot",
    instructions=scenario.INSTRUCTIONS,
    model=scenario.MODEL,
    tools=[function_tool(scenario.get_weather, failure_error_function=tell_error)],
)


async def ask(turn, history):
    items = scenario.openai_messages(turn, history)[1:]
    if turn.picture:
        items[-1]["content"] = [
            {"type": "input_text", "text": turn.question},
            {"type": "input_image", "image_url": scenario.PICTURE_URL, "detail": "auto"},
        ]
    if turn.stream:
        result = Runner.run_streamed(agent, items)
        async for _ in result.stream_events():
            pass
        return result.final_output
    return (await Runner.run(agent, items)).final_output


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.wait(ask(turn, history))


scenario.run(answer, provider.shutdown)
