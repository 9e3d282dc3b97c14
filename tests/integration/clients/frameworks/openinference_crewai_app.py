# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "crewai==1.15.30",
#   "openinference-instrumentation-crewai==1.1.21",
#   "openinference-instrumentation-openai==0.1.66",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""CrewAI's crew of one agent, watched by OpenInference."""

import os

os.environ["CREWAI_DISABLE_TELEMETRY"] = "true"
os.environ["OTEL_SDK_DISABLED"] = "false"
os.environ["OPENAI_API_KEY"] = "none"
import scenario  # noqa: E402

provider = scenario.tracer_provider()
from crewai import LLM, Agent, Crew, Task  # noqa: E402
from crewai.tools import tool  # noqa: E402
from openinference.instrumentation import using_attributes  # noqa: E402
from openinference.instrumentation.crewai import CrewAIInstrumentor  # noqa: E402
from openinference.instrumentation.openai import OpenAIInstrumentor  # noqa: E402

CrewAIInstrumentor().instrument()
OpenAIInstrumentor().instrument()


def answer(turn, history):
    agent = Agent(
        role="weather_bot",
        goal="Answer about the weather.",
        backstory=scenario.INSTRUCTIONS,
        llm=LLM(
            model=f"openai/{scenario.MODEL}",
            base_url=scenario.openai_url(),
            api_key="none",
            stream=turn.stream,
            max_retries=0,
        ),
        tools=[tool(scenario.TOOL)(scenario.get_weather)] if turn.calls_tools else [],
        max_retry_limit=0,
        verbose=False,
    )
    task = Task(description="{question}", expected_output="A sentence.", agent=agent)
    crew = Crew(agents=[agent], tasks=[task], verbose=False, tracing=False)
    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        return str(crew.kickoff(inputs={"question": turn.question}))


scenario.run(answer, provider.shutdown)
