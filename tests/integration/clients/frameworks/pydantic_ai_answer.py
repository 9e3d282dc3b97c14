"""A weather agent of Pydantic AI's, which its application has watched."""

import scenario
from pydantic_ai import Agent, BinaryContent, ModelRetry
from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

agent = Agent(
    OpenAIChatModel(
        scenario.MODEL, provider=OpenAIProvider(base_url=scenario.openai_url(), api_key="none")
    ),
    name="weather_bot",
    instructions=scenario.INSTRUCTIONS,
)


@agent.tool_plain(retries=2)
def get_weather(city: str) -> str:
    """The weather in a city."""
    try:
        return scenario.get_weather(city)
    except ValueError as error:
        raise ModelRetry(str(error)) from error


def earlier(history):
    for question, answer in history:
        yield ModelRequest([UserPromptPart(question)])
        yield ModelResponse([TextPart(answer)])


async def ask(turn, history):
    prompt = [turn.question]
    if turn.picture:
        prompt.append(BinaryContent(scenario.PICTURE, media_type="image/png"))
    prompt = prompt if turn.picture else turn.question
    options = {"message_history": list(earlier(history)), "conversation_id": turn.session}
    if turn.stream:
        async with agent.run_stream(prompt, **options) as result:
            return await result.get_output()
    return (await agent.run(prompt, **options)).output


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.wait(ask(turn, history))
