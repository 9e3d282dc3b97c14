# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "agno==3.1.10",
#   "openai==3.57.0",
#   "openinference-instrumentation-agno==1.0.15",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Agno's agent, watched by OpenInference."""

import scenario
from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.media import Image
from agno.models.openai import OpenAIChat
from openinference.instrumentation.agno import AgnoInstrumentor

provider = scenario.tracer_provider()
AgnoInstrumentor().instrument()
agent = Agent(
    name="weather_bot",
    model=OpenAIChat(
        id=scenario.MODEL, base_url=scenario.openai_url(), api_key="none", max_retries=0
    ),
    instructions=scenario.INSTRUCTIONS,
    tools=[scenario.get_weather],
    db=InMemoryDb(),
    add_history_to_context=True,
    telemetry=False,
)


def answer(turn, history):
    options = {"session_id": turn.session, "user_id": scenario.USER}
    if turn.picture:
        options["images"] = [Image(content=scenario.PICTURE, mime_type="image/png")]
    if turn.stream:
        said = ""
        for event in agent.run(turn.question, stream=True, **options):
            said += event.content or "" if event.event == "RunContent" else ""
        return said
    return agent.run(turn.question, **options).content


scenario.run(answer, provider.shutdown)
