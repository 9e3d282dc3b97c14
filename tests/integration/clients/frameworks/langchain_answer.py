"""A weather agent of LangChain's, for the instrumentations that watch it."""

import scenario
from langchain.agents import create_agent
from langchain.agents.middleware import wrap_tool_call
from langchain_core.documents import Document
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    model=scenario.MODEL,
    base_url=scenario.openai_url(),
    api_key="none",
    max_retries=0,
    stream_usage=True,
)


@wrap_tool_call
def tell_errors(request, handler):
    """An error of a tool is told to the model."""
    try:
        return handler(request)
    except ValueError as error:
        call_id = request.tool_call["id"]
        return ToolMessage(f"Error: {error}", tool_call_id=call_id, status="error")


agent = create_agent(
    model,
    [tool(scenario.get_weather)],
    system_prompt=scenario.INSTRUCTIONS,
    middleware=[tell_errors],
    name="weather_bot",
)


class Almanac(BaseRetriever):
    def _get_relevant_documents(self, query, *, run_manager):
        return [Document(text, id=name) for name, text in scenario.DOCUMENTS]


def make_prompt(found):
    said = " ".join(document.page_content for document in found["documents"])
    text = f"{found['question']}\n\nUse these: {said}"
    return [SystemMessage(scenario.INSTRUCTIONS), HumanMessage(text)]


# The usual chain: documents and question into a prompt, that to a model, and its text out.
chain = (
    {"documents": Almanac(), "question": RunnablePassthrough()}
    | RunnableLambda(make_prompt)
    | model
    | StrOutputParser()
).with_config(run_name="weather_bot")


def answer(turn, history, **config):
    if turn.retrieves:
        return chain.invoke(turn.question, config)
    # What stands before the person's words comes from the agent itself.
    messages = scenario.openai_messages(turn, history)[1:]
    if turn.stream:
        said = ""
        for token, _ in agent.stream({"messages": messages}, config, stream_mode="messages"):
            said += token.text
        return said
    return agent.invoke({"messages": messages}, config)["messages"][-1].text
