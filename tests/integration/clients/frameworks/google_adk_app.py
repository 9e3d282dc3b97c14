# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "google-adk==2.13.0",
#   "litellm==1.110.2",
#   "opentelemetry-exporter-otlp-proto-http==1.44.0",
# ]
# ///
"""Google's Agent Development Kit with spans of its own, over a model of LiteLLM's."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"
import scenario  # noqa: E402

provider = scenario.tracer_provider(logs=True)
from google.adk.agents import Agent  # noqa: E402
from google.adk.agents.run_config import RunConfig, StreamingMode  # noqa: E402
from google.adk.models.lite_llm import LiteLlm  # noqa: E402
from google.adk.runners import InMemoryRunner  # noqa: E402
from google.genai import types  # noqa: E402

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


scenario.run(answer, provider.shutdown)
