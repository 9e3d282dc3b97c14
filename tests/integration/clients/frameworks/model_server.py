"""A model that says what scenario.py expects, over OpenAI's and Anthropic's interfaces.

It listens on a free port of 127.0.0.1. What it says follows from the last words of the user, and
from whether the results of tools stand behind them. The tokens that it reports are always the same.
"""

import http.server
import json
import re
import threading

# A request for tools, the answer after their results, and any other answer: tokens in and out.
TOKENS = {"calls": (100, 20), "results": (200, 35), "answer": (50, 10)}


def text_of(content):
    if isinstance(content, str):
        return content
    parts = [part for part in content or [] if part.get("type") in ("text", "input_text")]
    return "".join(part["text"] for part in parts)


class Reply:
    """What the model says to these messages: (role, text) in order, tools by their names."""

    def __init__(self, messages, tools, script):
        answers = script["answers"]
        # The question that was asked last, and what stands behind it.
        places = [
            (i, words.rfind(question), question)
            for i, (role, words) in enumerate(messages)
            for question in answers
            if role == "user" and question in words
        ]
        at, place, question = max(places, default=(0, 0, ""))
        self.fails = question == script["failing"]
        self.text = answers.get(question, "I do not know.")
        self.calls = []
        self.kind = "answer"
        if question == script["asks_tools"]:
            # Some frameworks tell results in words, and some of those in the same message.
            behind = [words for _, words in messages[at + 1 :]] + [messages[at][1][place:]]
            done = any(role == "tool" for role, _ in messages[at + 1 :]) or any(
                result in words for result in script["results"] for words in behind
            )
            named = [name for name in tools if name.endswith(script["tool"])]
            self.kind = "results" if done else "calls"
            if not done and named:
                self.calls = [
                    {"id": f"call_{city}", "name": named[0], "arguments": {"city": city}}
                    for city in script["cities"]
                ]
        if "final_answer" in tools and not self.calls:
            # An agent of smolagents answers by a call.
            call = {"id": "call_final", "name": "final_answer", "arguments": {"answer": self.text}}
            self.calls = [call]
        if any("[[ ## answer ## ]]" in text for _, text in messages) and not self.calls:
            # DSPy asks for its own form.
            self.text = f"[[ ## answer ## ]]\n{self.text}\n\n[[ ## completed ## ]]"
        self.tokens = TOKENS[self.kind]


def pieces(text):
    return re.findall(r"\S+\s*", text)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_json(200, {"object": "list", "data": []})

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        asked = json.loads(self.rfile.read(size) or b"{}")
        path = self.path.split("?")[0]
        if path.endswith("/chat/completions"):
            self.chat(asked)
        elif path.endswith("/messages"):
            self.anthropic(asked)
        elif path.endswith("/responses"):
            self.openai_responses(asked)
        else:
            self.send_json(404, {"error": {"message": f"no {path} here"}})

    def send_json(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_events(self, events, named=False, end=True):
        lines = []
        for event in events:
            if named:
                lines.append(f"event: {event['type']}\n")
            lines.append(f"data: {json.dumps(event)}\n\n")
        if end:
            lines.append("data: [DONE]\n\n")
        data = "".join(lines).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self):
        error = {"message": "the model refuses", "type": "invalid_request_error", "code": "refused"}
        self.send_json(400, {"type": "error", "error": error})

    # ---- OpenAI's chat completions

    def chat(self, asked):
        messages = [(m["role"], text_of(m.get("content"))) for m in asked["messages"]]
        tools = [tool["function"]["name"] for tool in asked.get("tools") or []]
        reply = Reply(messages, tools, self.server.script)
        if reply.fails:
            self.refuse()
            return
        head = {
            "id": f"chatcmpl-{self.server.number()}",
            "created": 1_800_000_000,
            "model": f"{asked['model']}-2026-01-01",
        }
        usage = {
            "prompt_tokens": reply.tokens[0],
            "completion_tokens": reply.tokens[1],
            "total_tokens": sum(reply.tokens),
        }
        calls = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])},
            }
            for call in reply.calls
        ]
        finish = "tool_calls" if calls else "stop"
        if not asked.get("stream"):
            message = {"role": "assistant", "content": None if calls else reply.text}
            if calls:
                message["tool_calls"] = calls
            choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
            body = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            self.send_json(200, body)
            return

        def chunk(delta, finish_reason=None):
            choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
            return {**head, "object": "chat.completion.chunk", "choices": [choice]}

        events = [chunk({"role": "assistant", "content": None if calls else ""})]
        for index, call in enumerate(calls):
            events.append(chunk({"tool_calls": [{"index": index, **call}]}))
        events += [chunk({"content": piece}) for piece in pieces(reply.text) if not calls]
        events.append(chunk({}, finish))
        if (asked.get("stream_options") or {}).get("include_usage"):
            events.append(
                {**head, "object": "chat.completion.chunk", "choices": [], "usage": usage}
            )
        self.send_events(events)

    # ---- OpenAI's responses

    def openai_responses(self, asked):
        items = asked["input"]
        items = [{"role": "user", "content": items}] if isinstance(items, str) else items
        messages = [
            (
                ("tool", "")
                if item.get("type") == "function_call_output"
                else (item.get("role", "assistant"), text_of(item.get("content")))
            )
            for item in items
        ]
        tools = [tool.get("name", "") for tool in asked.get("tools") or []]
        reply = Reply(messages, tools, self.server.script)
        if reply.fails:
            self.refuse()
            return
        if reply.calls:
            output = [
                {
                    "type": "function_call",
                    "id": f"fc_{call['id']}",
                    "call_id": call["id"],
                    "name": call["name"],
                    "arguments": json.dumps(call["arguments"]),
                    "status": "completed",
                }
                for call in reply.calls
            ]
        else:
            text = {"type": "output_text", "text": reply.text, "annotations": []}
            output = [
                {
                    "type": "message",
                    "id": "msg_1",
                    "role": "assistant",
                    "status": "completed",
                    "content": [text],
                }
            ]
        body = {
            "id": f"resp_{self.server.number()}",
            "object": "response",
            "created_at": 1_800_000_000,
            "model": f"{asked['model']}-2026-01-01",
            "status": "completed",
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": asked.get("tools") or [],
            "instructions": asked.get("instructions"),
            "usage": {
                "input_tokens": reply.tokens[0],
                "output_tokens": reply.tokens[1],
                "total_tokens": sum(reply.tokens),
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }
        if not asked.get("stream"):
            self.send_json(200, body)
            return
        started = {**body, "status": "in_progress", "output": [], "usage": None}
        events = [{"type": "response.created", "response": started}]
        for index, item in enumerate(output):
            events.append(
                {"type": "response.output_item.added", "output_index": index, "item": item}
            )
            if item["type"] == "message":
                where = {"item_id": "msg_1", "output_index": index, "content_index": 0}
                events += [
                    {"type": "response.output_text.delta", "delta": piece, "logprobs": [], **where}
                    for piece in pieces(reply.text)
                ]
            events.append(
                {"type": "response.output_item.done", "output_index": index, "item": item}
            )
        events.append({"type": "response.completed", "response": body})
        for number, event in enumerate(events):
            event["sequence_number"] = number
        self.send_events(events, named=True, end=False)

    # ---- Anthropic's messages

    def anthropic(self, asked):
        messages = []
        for message in asked["messages"]:
            content = message["content"]
            parts = content if isinstance(content, list) else []
            result = any(part.get("type") == "tool_result" for part in parts)
            messages.append(("tool" if result else message["role"], text_of(content)))
        tools = [tool["name"] for tool in asked.get("tools") or []]
        reply = Reply(messages, tools, self.server.script)
        if reply.fails:
            self.refuse()
            return
        content = [
            {"type": "tool_use", "id": call["id"], "name": call["name"], "input": call["arguments"]}
            for call in reply.calls
        ] or [{"type": "text", "text": reply.text}]
        usage = {"input_tokens": reply.tokens[0], "output_tokens": reply.tokens[1]}
        body = {
            "id": f"msg_{self.server.number()}",
            "type": "message",
            "role": "assistant",
            "model": f"{asked['model']}-2026-01-01",
            "content": content,
            "stop_reason": "tool_use" if reply.calls else "end_turn",
            "stop_sequence": None,
            "usage": usage,
        }
        if not asked.get("stream"):
            self.send_json(200, body)
            return
        started = {
            **body,
            "content": [],
            "stop_reason": None,
            "usage": {**usage, "output_tokens": 1},
        }
        events = [{"type": "message_start", "message": started}]
        for index, part in enumerate(content):
            begin, deltas = {"type": "text", "text": ""}, []
            if part["type"] == "text":
                deltas = [{"type": "text_delta", "text": piece} for piece in pieces(part["text"])]
            else:
                begin = {**part, "input": {}}
                whole = json.dumps(part["input"])
                deltas = [{"type": "input_json_delta", "partial_json": whole}]
            events.append({"type": "content_block_start", "index": index, "content_block": begin})
            events += [
                {"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas
            ]
            events.append({"type": "content_block_stop", "index": index})
        delta = {"stop_reason": body["stop_reason"], "stop_sequence": None}
        ends = {
            "type": "message_delta",
            "delta": delta,
            "usage": {"output_tokens": usage["output_tokens"]},
        }
        events += [ends, {"type": "message_stop"}]
        self.send_events(events, named=True, end=False)


class ModelServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.count = 0
        self.lock = threading.Lock()

    def number(self):
        with self.lock:
            self.count += 1
            return self.count

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server_address[1]}"
