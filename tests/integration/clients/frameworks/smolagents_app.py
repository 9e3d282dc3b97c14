# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "smolagents[openai]==1.26.0",
#   "openinference-instrumentation-smolagents==0.1.43",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""smolagents' agent that calls tools, watched by OpenInference."""

import io

import scenario
from openinference.instrumentation import using_attributes
from openinference.instrumentation.smolagents import SmolagentsInstrumentor
from smolagents import OpenAIServerModel, ToolCallingAgent, tool

provider = scenario.tracer_provider()
SmolagentsInstrumentor().instrument()
agent = None


def make_agent(stream):
    return ToolCallingAgent(
        tools=[tool(scenario.get_weather)],
        model=OpenAIServerModel(
            scenario.MODEL,
            api_base=scenario.openai_url(),
            api_key="none",
            client_kwargs={"max_retries": 0},
        ),
        instructions=scenario.INSTRUCTIONS,
        name="weather_bot",
        stream_outputs=stream,
        verbosity_level=0,
    )


def answer(turn, history):
    global agent
    if not history:
        agent = make_agent(turn.stream)
    options = {"reset": not history}
    if turn.picture:
        import PIL.Image

        options["images"] = [PIL.Image.open(io.BytesIO(scenario.PICTURE))]
    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        if turn.stream:
            *_, last = agent.run(turn.question, stream=True, **options)
            return last.output
        return agent.run(turn.question, **options)


scenario.run(answer, provider.shutdown)
