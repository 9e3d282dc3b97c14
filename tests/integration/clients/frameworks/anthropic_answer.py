"""The loop of an agent over Anthropic's SDK, for the instrumentations that watch it."""

import anthropic
import scenario

TOOL = {
    "name": scenario.TOOL,
    "description": scenario.TOOL_DESCRIPTION,
    "input_schema": scenario.TOOL_SCHEMA,
}


def make_client():
    return anthropic.Anthropic(base_url=scenario.model_url(), api_key="none", max_retries=0)


def make_messages(turn, history):
    messages = []
    for question, said in history:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": said}]
    content = turn.question
    if turn.picture:
        source = {
            "type": "base64",
            "media_type": "image/png",
            "data": scenario.PICTURE_BASE64,
        }
        content = [
            {"type": "text", "text": turn.question},
            {"type": "image", "source": source},
        ]
    return [*messages, {"role": "user", "content": content}]


def answer(client, turn, history):
    messages = make_messages(turn, history)
    options = {"model": scenario.MODEL, "max_tokens": 100, "system": scenario.INSTRUCTIONS}
    if turn.stream:
        events = client.messages.create(messages=messages, stream=True, **options)
        return "".join(e.delta.text for e in events if e.type == "content_block_delta")
    if turn.calls_tools:
        options["tools"] = [TOOL]
    while True:
        reply = client.messages.create(messages=messages, **options)
        calls = [part for part in reply.content if part.type == "tool_use"]
        if not calls:
            return "".join(part.text for part in reply.content)
        said = [part.model_dump() for part in reply.content]
        results = [
            {
                "type": "tool_result",
                "tool_use_id": call.id,
                "content": scenario.use_tool(call.input),
            }
            for call in calls
        ]
        messages.append({"role": "assistant", "content": said})
        messages.append({"role": "user", "content": results})
