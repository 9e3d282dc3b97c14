"""A weather agent of OpenAI's Agents SDK, for the instrumentations that watch it."""

import os

os.environ["OPENAI_API_KEY"] = "none"
import openai  # noqa: E402
import scenario  # noqa: E402
from agents import (  # noqa: E402
    Agent,
    ModelSettings,
    Runner,
    function_tool,
    set_default_openai_api,
    set_default_openai_client,
)


def use_model(api="responses"):
    """Over the interface "responses" or "chat_completions"; nothing goes to OpenAI's own."""
    set_default_openai_api(api)
    set_default_openai_client(
        openai.AsyncOpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0),
        use_for_tracing=False,
    )


def tell_error(context, error):
    return f"Error: {error}"


agent = Agent(
    "weather_bot",
    instructions=scenario.INSTRUCTIONS,
    model=scenario.MODEL,
    model_settings=ModelSettings(include_usage=True),
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
