"""A weather agent of Google's Agent Development Kit, over a model of LiteLLM's."""

import scenario
from google.adk.agents import Agent
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.models.lite_llm import LiteLlm
from google.adk.runners import InMemoryRunner
from google.genai import types

agent = Agent(
    name="weather_bot",
    model=LiteLlm(
        f"openai/{scenario.MODEL}", api_base=scenario.openai_url(), api_key="none", num_retries=0
    ),
    instruction=scenario.INSTRUCTIONS,
    tools=[scenario.get_weather],
    on_tool_error_callback=lambda tool, args, tool_context, error: {"error": str(error)},
)
runner = InMemoryRunner(agent, app_name="weather")


async def ask(turn, history):
    if not history:
        await runner.session_service.create_session(
            app_name="weather", user_id=scenario.USER, session_id=turn.session
        )
    parts = [types.Part(text=turn.question)]
    if turn.picture:
        parts.append(types.Part.from_bytes(data=scenario.PICTURE, mime_type="image/png"))
    mode = StreamingMode.SSE if turn.stream else StreamingMode.NONE
    said = ""
    async for event in runner.run_async(
        user_id=scenario.USER,
        session_id=turn.session,
        new_message=types.Content(role="user", parts=parts),
        run_config=RunConfig(streaming_mode=mode),
    ):
        if event.content and not event.partial:
            said = "".join(part.text or "" for part in event.content.parts or [])
    return said


def answer(turn, history):
    return scenario.wait(ask(turn, history))
