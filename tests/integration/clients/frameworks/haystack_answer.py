"""A weather agent and a pipeline of Haystack's, for what watches them."""

import os

os.environ["OPENAI_API_KEY"] = "none"
import scenario  # noqa: E402
from haystack import Document, Pipeline  # noqa: E402
from haystack.components.agents import Agent  # noqa: E402
from haystack.components.builders import ChatPromptBuilder  # noqa: E402
from haystack.components.generators.chat import OpenAIChatGenerator  # noqa: E402
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever  # noqa: E402
from haystack.dataclasses import ChatMessage, ImageContent  # noqa: E402
from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: E402
from haystack.tools import create_tool_from_function  # noqa: E402


def make_agent(turn):
    return Agent(
        chat_generator=OpenAIChatGenerator(
            model=scenario.MODEL,
            api_base_url=scenario.openai_url(),
            max_retries=0,
            generation_kwargs={"stream_options": {"include_usage": True}} if turn.stream else {},
        ),
        system_prompt=scenario.INSTRUCTIONS,
        tools=[create_tool_from_function(scenario.get_weather)],
    )


def make_pipeline():
    store = InMemoryDocumentStore()
    store.write_documents([Document(id=name, content=text) for name, text in scenario.DOCUMENTS])
    template = [
        ChatMessage.from_system(scenario.INSTRUCTIONS),
        ChatMessage.from_user(
            "{{ question }}\n\nUse these: {% for d in documents %}{{ d.content }} {% endfor %}"
        ),
    ]
    pipeline = Pipeline()
    pipeline.add_component("retriever", InMemoryBM25Retriever(store))
    pipeline.add_component("prompt", ChatPromptBuilder(template, required_variables="*"))
    pipeline.add_component(
        "model",
        OpenAIChatGenerator(
            model=scenario.MODEL, api_base_url=scenario.openai_url(), max_retries=0
        ),
    )
    pipeline.connect("retriever.documents", "prompt.documents")
    pipeline.connect("prompt.prompt", "model.messages")
    return pipeline


def search(turn):
    asked = {"retriever": {"query": turn.question}, "prompt": {"question": turn.question}}
    return make_pipeline().run(asked)["model"]["replies"][0].text


def answer(turn, history):
    if turn.retrieves:
        with scenario.request_span(turn):
            return search(turn)
    messages = []
    for question, said in history:
        messages += [ChatMessage.from_user(question), ChatMessage.from_assistant(said)]
    parts = [turn.question]
    if turn.picture:
        parts.append(ImageContent(base64_image=scenario.PICTURE_BASE64, mime_type="image/png"))
    messages.append(ChatMessage.from_user(content_parts=parts))
    options = {"streaming_callback": lambda chunk: None} if turn.stream else {}
    with scenario.request_span(turn):
        return make_agent(turn).run(messages=messages, **options)["last_message"].text
