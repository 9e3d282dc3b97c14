# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "llama-index-core==0.14.25",
#   "llama-index-llms-openai-like==0.8.1",
#   "openinference-instrumentation-llama-index==4.6.1",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""LlamaIndex's agent workflow, watched by OpenInference."""

import scenario
from llama_index.core import PromptTemplate
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, TextBlock
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.llms.openai_like import OpenAILike
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor

provider = scenario.tracer_provider()
LlamaIndexInstrumentor().instrument()


async def ask(turn, history):
    agent = FunctionAgent(
        name="weather_bot",
        system_prompt=scenario.INSTRUCTIONS,
        tools=[scenario.get_weather],
        streaming=turn.stream,
        llm=OpenAILike(
            model=scenario.MODEL,
            api_base=scenario.openai_url(),
            api_key="none",
            is_chat_model=True,
            is_function_calling_model=True,
            max_retries=0,
            additional_kwargs={"stream_options": {"include_usage": True}} if turn.stream else {},
        ),
    )
    messages = []
    for question, said in history:
        messages += [ChatMessage(question, role="user"), ChatMessage(said, role="assistant")]
    prompt = turn.question
    if turn.picture:
        blocks = [
            TextBlock(text=turn.question),
            ImageBlock(image=scenario.PICTURE, image_mimetype="image/png"),
        ]
        prompt = ChatMessage(role="user", blocks=blocks)
    return str(await agent.run(prompt, chat_history=messages))


class Almanac(BaseRetriever):
    def _retrieve(self, query_bundle):
        return [
            NodeWithScore(node=TextNode(text=text, id_=name), score=0.5)
            for name, text in scenario.DOCUMENTS
        ]


def search(turn):
    llm = OpenAILike(
        model=scenario.MODEL,
        api_base=scenario.openai_url(),
        api_key="none",
        is_chat_model=True,
        max_retries=0,
        system_prompt=scenario.INSTRUCTIONS,
    )
    template = PromptTemplate("{query_str}\n\nUse these: {context_str}")
    engine = RetrieverQueryEngine.from_args(Almanac(), llm=llm, text_qa_template=template)
    return str(engine.query(turn.question))


def answer(turn, history):
    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        if turn.retrieves:
            return search(turn)
        return scenario.wait(ask(turn, history))


scenario.run(answer, provider.shutdown, retrieves=True)
