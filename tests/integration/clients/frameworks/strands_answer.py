"""A weather agent of Strands Agents, which exports by itself."""

import scenario
from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry()
telemetry.setup_otlp_exporter()


def answer(turn, history):
    messages = []
    for question, said in history:
        messages.append({"role": "user", "content": [{"text": question}]})
        messages.append({"role": "assistant", "content": [{"text": said}]})
    agent = Agent(
        model=OpenAIModel(
            client_args={
                "base_url": scenario.openai_url(),
                "api_key": "none",
                "max_retries": 0,
            },
            model_id=scenario.MODEL,
        ),
        name="weather_bot",
        messages=messages,
        tools=[tool(scenario.get_weather)],
        system_prompt=scenario.INSTRUCTIONS,
        trace_attributes={"session.id": turn.session, "user.id": scenario.USER},
        callback_handler=None,
    )
    prompt = turn.question
    if turn.picture:
        source = {"bytes": scenario.PICTURE}
        prompt = [{"text": turn.question}, {"image": {"format": "png", "source": source}}]
    return str(agent(prompt)).rstrip("\n")


def shutdown():
    telemetry.tracer_provider.shutdown()
