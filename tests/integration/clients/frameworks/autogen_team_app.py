# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "autogen-agentchat==0.7.5",
#   "autogen-ext[openai]==0.7.5",
#   "openinference-instrumentation-openai==0.1.66",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""AutoGen's team of one assistant with spans of its own, its model calls by OpenInference."""

import io

import scenario

provider = scenario.tracer_provider()
from autogen_agentchat.agents import AssistantAgent  # noqa: E402
from autogen_agentchat.messages import MultiModalMessage, TextMessage  # noqa: E402
from autogen_agentchat.teams import RoundRobinGroupChat  # noqa: E402
from autogen_core import Image  # noqa: E402
from autogen_core.model_context import BufferedChatCompletionContext  # noqa: E402
from autogen_core.models import AssistantMessage, UserMessage  # noqa: E402
from autogen_ext.models.openai import OpenAIChatCompletionClient  # noqa: E402
from openinference.instrumentation.openai import OpenAIInstrumentor  # noqa: E402

OpenAIInstrumentor().instrument()


async def ask(turn, history):
    context = []
    for question, said in history:
        context.append(UserMessage(content=question, source="user"))
        context.append(AssistantMessage(content=said, source="weather_bot"))
    agent = AssistantAgent(
        "weather_bot",
        model_client=OpenAIChatCompletionClient(
            model=scenario.MODEL,
            base_url=scenario.openai_url(),
            api_key="none",
            max_retries=0,
            include_name_in_message=False,
            **({"stream_options": {"include_usage": True}} if turn.stream else {}),
        ),
        system_message=scenario.INSTRUCTIONS,
        tools=[scenario.get_weather] if turn.calls_tools else [],
        reflect_on_tool_use=True,
        model_client_stream=turn.stream,
        model_context=BufferedChatCompletionContext(100, initial_messages=context),
    )
    team = RoundRobinGroupChat([agent], max_turns=1)
    task = TextMessage(content=turn.question, source="user")
    if turn.picture:
        import PIL.Image

        picture = Image(PIL.Image.open(io.BytesIO(scenario.PICTURE)))
        task = MultiModalMessage(content=[turn.question, picture], source="user")
    if turn.stream:
        last = None
        async for item in team.run_stream(task=task):
            last = item
        return last.messages[-1].content
    return (await team.run(task=task)).messages[-1].content


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.wait(ask(turn, history))


scenario.run(answer, provider.shutdown)
