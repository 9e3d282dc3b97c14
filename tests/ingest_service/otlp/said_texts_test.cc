// What counts as a text of a question, an answer or a result, and what does not.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "ingest_service/otlp/json_repair.h"
#include "ingest_service/otlp/media_marks.h"
#include "shared/hashing/sha256.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/otlp/map_request.h"

namespace flywheel::ingest {
namespace {

// A chain around a model that was asked and answered.
TraceBuilder Wrapped(const std::string& input, const std::string& output) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "run", 0, 100).Set("openinference.span.kind", "CHAIN");
  if (!input.empty()) trace.Set("input.value", input);
  if (!output.empty()) trace.Set("output.value", output);
  trace.Add(2, 1, "chat", 10, 90)
      .Set("openinference.span.kind", "LLM")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain in Oslo?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.content", "Yes.");
  return trace;
}

TEST(SaidTexts, ABlobLosesToWhatModelsWereToldAndSaid) {
  for (const char* blob :
       {R"({"init_state": {"memory": 1, "steps": 2}, "n": 3})", "[]",
        R"({"args": [], "kwargs": {}})",
        "StopEvent(result=AgentOutput(response=ChatMessage(role='assistant')))",
        "{'replies': [ChatMessage(_role=<ChatRole.ASSISTANT>)]}",
        R"j({"memory_step": "ActionStep(step=1, timing=Timing(start=1.0))"})j"}) {
    const v1::Interaction interaction = MapOne(Wrapped(blob, blob));
    EXPECT_EQ(interaction.input(), "Rain in Oslo?") << blob;
    EXPECT_EQ(interaction.output(), "Yes.") << blob;
    EXPECT_EQ(interaction.messages_size(), 2) << blob;
  }
}

TEST(SaidTexts, ABlobStandsInWhereNobodySaidAnything) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "run", 0, 100)
      .Set("openinference.span.kind", "CHAIN")
      .Set("input.value", R"({"a": 1, "b": 2})")
      .Set("output.value", "Score(value=3)");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), R"({"a": 1, "b": 2})");
  EXPECT_EQ(interaction.output(), "Score(value=3)");
}

TEST(SaidTexts, TheAnswerOfAStateIsItsLastMessage) {
  const std::string state = R"({"messages": [
      {"type": "human", "data": {"content": "Rain in Bergen?", "type": "human"}},
      {"type": "ai", "data": {"content": "Always.", "type": "ai"}},
      {"type": "human", "data": {"content": "Rain in Oslo?", "type": "human"}},
      {"type": "ai", "data": {"content": "Yes, today.", "type": "ai"}}]})";
  EXPECT_EQ(MapOne(Wrapped("", state)).output(), "Yes, today.");
  // The run ended before its answer: the one before is not repeated.
  const std::string open = R"({"messages": [
      {"type": "ai", "data": {"content": "Always.", "type": "ai"}},
      {"type": "human", "data": {"content": "Rain in Oslo?", "type": "human"}}]})";
  EXPECT_EQ(MapOne(Wrapped("", open)).output(), "Yes.");
}

TEST(SaidTexts, ACallOfAToolIsNoAnswer) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "chat", 0, 100)
      .Set("openinference.span.kind", "LLM")
      .Set("output.value", R"({"id": "chatcmpl-1", "choices": [{"message": {"content": null}}]})")
      .Set("llm.input_messages.0.message.role", "user")
      .Set("llm.input_messages.0.message.content", "Rain in Oslo?")
      .Set("llm.output_messages.0.message.role", "assistant")
      .Set("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "rain");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.output(), "");
  EXPECT_EQ(ToolUses(interaction).at(0).name, "rain");
}

TEST(SaidTexts, ContentThatIsSaidInTwoShapesCountsOnce) {
  TraceBuilder trace = Wrapped("", "");
  trace.Set("llm.output_messages.0.message.contents.0.message_content.type", "text")
      .Set("llm.output_messages.0.message.contents.0.message_content.text", "Yes.");
  EXPECT_EQ(MapOne(trace).output(), "Yes.");
}

TEST(SaidTexts, PiecesOfAStreamAreOneAnswer) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "generate_content", 0, 100)
      .Set("gen_ai.operation.name", "generate_content")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"Once"}],"finish_reason":""},
               {"role":"assistant","parts":[{"type":"text","content":" upon"}],"finish_reason":""},
               {"role":"assistant","parts":[{"type":"text","content":" a time."}],
                "finish_reason":"stop"}])");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.output(), "Once upon a time.");
  EXPECT_EQ(interaction.messages_size(), 1);
  EXPECT_EQ(interaction.finish_reason(), "stop");
}

TEST(SaidTexts, AFailedCallHasNoAnswerOfTheCallBefore) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "invoke_agent", 0, 100).Set("gen_ai.operation.name", "invoke_agent");
  trace.Add(2, 1, "chat", 10, 20)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"I will look."},
               {"type":"tool_call","name":"look"}]}])");
  trace.Add(4, 1, "execute_tool look", 22, 28)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "look");
  trace.Add(3, 1, "chat", 30, 40)
      .Set("gen_ai.operation.name", "chat")
      .Set("error.type", "timeout")
      .Fail("took too long");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.output(), "");
  EXPECT_EQ(interaction.failure().kind(), "timeout");
  EXPECT_EQ(interaction.failure().message(), "took too long");
}

TEST(SaidTexts, ResultsOfToolsAreWhatTheySay) {
  const auto result = [](const std::string& output) {
    TraceBuilder trace(1, TestTime(), "bot");
    trace.Add(1, 0, "look", 0, 100)
        .Set("openinference.span.kind", "TOOL")
        .Set("tool.name", "look")
        .Set("output.value", output);
    return ToolUses(MapOne(trace)).at(0).content;
  };
  EXPECT_EQ(result(R"("18 C")"), "18 C");
  EXPECT_EQ(result(R"([{"text": "18 C"}])"), "18 C");
  EXPECT_EQ(result(R"({"content": [{"type": "text", "text": "18 C"}], "isError": false})"), "18 C");
  EXPECT_EQ(result(R"({"type": "tool", "data": {"content": "18 C", "type": "tool"}})"), "18 C");
  EXPECT_EQ(result(R"({"output": {"lc": 1, "type": "constructor", "kwargs":
                      {"content": "18 C", "type": "tool"}}, "kwargs": {"name": "look"}})"),
            "18 C");
  EXPECT_EQ(result(R"({"blocks": [], "raw_output": "18 C", "is_error": false})"), "18 C");
  // What means something as JSON stays JSON.
  EXPECT_EQ(result(R"({"celsius": 18})"), R"({"celsius": 18})");
  EXPECT_EQ(result(R"([{"content": "a page", "url": "x"}])"),
            R"([{"content": "a page", "url": "x"}])");
}

TEST(SaidTexts, WhatToolsDoInsideIsNoWordOfTheConversation) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "invoke_agent boss", 0, 100)
      .Set("gen_ai.operation.name", "invoke_agent")
      .Set("gen_ai.agent.name", "boss");
  const auto chat = [&](uint64_t span, uint64_t parent, int64_t at, const std::string& asked,
                        const std::string& said) {
    trace.Add(span, parent, "chat", at, at + 5)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages", R"([{"role":"user","content":")" + asked + R"("}])")
        .Set("gen_ai.output.messages", R"([{"role":"assistant","parts":[)" + said + "]}]");
  };
  chat(2, 1, 10, "How tall is it?", R"({"type":"tool_call","id":"c","name":"expert"})");
  trace.Add(3, 1, "execute_tool expert", 20, 50)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "expert")
      .Set("gen_ai.tool.call.id", "c")
      .Set("gen_ai.tool.call.result", "330 m");
  trace.Add(4, 3, "invoke_agent expert", 25, 45).Set("gen_ai.operation.name", "invoke_agent");
  chat(5, 4, 30, "Height in metres?", R"({"type":"text","content":"330 m"})");
  chat(6, 1, 60, "How tall is it?", R"({"type":"text","content":"It is 330 m tall."})");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "How tall is it?");
  EXPECT_EQ(interaction.output(), "It is 330 m tall.");
  // The question, the call, its result and the answer.
  EXPECT_EQ(interaction.messages_size(), 4) << interaction.DebugString();
}

TEST(SaidTexts, AToolServersSpanTellsOfTheSameCall) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "invoke_agent", 0, 100).Set("gen_ai.operation.name", "invoke_agent");
  trace.Add(2, 1, "execute_tool find", 10, 50)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "find")
      .Set("gen_ai.tool.call.arguments", R"({"q":"x"})");
  trace.Add(3, 2, "POST", 15, 45).Set("http.request.method", "POST");
  trace.Add(4, 3, "tools/call find", 20, 40)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "find")
      .Set("gen_ai.tool.call.result", "found");
  const auto uses = ToolUses(MapOne(trace));
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].arguments_json, R"({"q":"x"})");
  EXPECT_EQ(uses[0].content, "found");
}

TEST(SaidTexts, AToolThatFailedSaysWhyAndNotWhere) {
  const std::string trace_text =
      "ValueError('no station')Traceback (most recent call last):\n  File";
  for (const bool with_exception : {true, false}) {
    TraceBuilder trace(1, TestTime(), "bot");
    trace.Add(1, 0, "look", 0, 100)
        .Set("openinference.span.kind", "TOOL")
        .Set("tool.name", "look")
        .Set("output.value", "{}")
        .Fail(trace_text);
    if (with_exception) trace.AddEvent("exception", 50).Set("exception.message", "no station");
    EXPECT_EQ(ToolUses(MapOne(trace)).at(0).content,
              with_exception ? "no station" : "ValueError('no station')");
  }
}

TEST(SaidTexts, AnEmptyAnswerIsToldFromAGoodOne) {
  const auto kind = [](const std::string& parts) {
    TraceBuilder trace(1, TestTime(), "bot");
    trace.Add(1, 0, "chat", 0, 100)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages", R"([{"role":"user","content":"Who won?"}])")
        .Set("gen_ai.output.messages",
             R"([{"role":"assistant","parts":[)" + parts + R"(],"finish_reason":"stop"}])");
    return MapOne(trace).failure().kind();
  };
  EXPECT_EQ(kind(""), "empty_answer");
  EXPECT_EQ(kind(R"({"type":"text","content":"They did."})"), "");
  EXPECT_EQ(kind(R"({"type":"tool_call","name":"look"})"), "");
}

TEST(SaidTexts, PythonsDictionariesAndObjectsAreLookedThrough) {
  EXPECT_EQ(MapOne(Wrapped("", "{'answer': 'No.', 'n': 1}")).output(), "No.");
  EXPECT_EQ(MapOne(Wrapped("", "Prediction(\n    answer='No.'\n)")).output(), "Yes.");
  // What only looks like one.
  EXPECT_EQ(MapOne(Wrapped("", "Oslo (Norway): no.")).output(), "Oslo (Norway): no.");
}

TEST(SaidTexts, AMessageByItselfIsReadAsOne) {
  const v1::Interaction interaction = MapOne(
      Wrapped(R"({"user_id": "", "new_message": {"role": "user", "parts": [{"text": "Snow?"}]}})",
              R"({"content": {"role": "model", "parts": [{"text": "No."}]}, "partial": false})"));
  EXPECT_EQ(interaction.input(), "Snow?");
  EXPECT_EQ(interaction.output(), "No.");
}

TEST(CutTexts, WhatCanBeReadIsKeptWithAMark) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "chat", 0, 100)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.input.messages",
           R"([{"role":"user","parts":[{"type":"text","content":"Thanks \ud83e for it"}]}])")
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"A long ans)");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "Thanks \uFFFD for it");
  EXPECT_EQ(interaction.output(), "A long ans");
  EXPECT_TRUE(interaction.messages(1).parts(0).incomplete());
  EXPECT_FALSE(interaction.messages(0).parts(0).incomplete());
}

TEST(CutTexts, AreRepairedWhereverTheCutIs) {
  const std::string whole = R"({"a": ["x\u00e9\ud83e\udd14", {"b": 12, "c": null}], "d": true})";
  for (size_t size = 2; size <= whole.size(); ++size) {
    const RepairedJson repaired = RepairJson(whole.substr(0, size));
    EXPECT_TRUE(nlohmann::json::accept(repaired.text)) << size << ": " << repaired.text;
    EXPECT_EQ(repaired.cut, size < whole.size()) << size;
  }
  EXPECT_EQ(RepairJson(whole).text, whole);
  EXPECT_EQ(RepairJson("{\"a\": \"one\ntwo\"}").text, R"({"a": "one\u000atwo"})");
  EXPECT_EQ(RepairJson(R"(["\udd14", "\ud83ex"])").text, R"(["\ufffd", "\ufffdx"])");
}

TEST(CutTexts, ProseInBracketsIsNoJson) {
  for (const char* text : {"[note", "{name} is missing", "[1] \"so\" he said", "\"Hello"}) {
    EXPECT_EQ(MapOne(Wrapped(text, text)).output(), text);
  }
}

// A PNG of one pixel.
constexpr char kPng[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg==";

TEST(MediaOfMessages, IsNamedAndNotHeld) {
  const std::string url = std::string("data:image/png;base64,") + kPng;
  const std::string png = kPng;
  for (const std::string& part :
       {R"({"type":"blob","mime_type":"image/png","modality":"image","content":")" + png + "\"}",
        R"({"type":"image_url","image_url":{"url":")" + url + "\"}}",
        R"({"type":"input_image","image_url":")" + url + "\"}",
        R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":")" + png +
            "\"}}",
        R"({"inline_data":{"mime_type":"image/png","data":")" + png + "\"}}",
        R"({"image":{"format":"png","source":{"bytes":")" + png + "\"}}}",
        R"({"type":"image","data":")" + png + R"(","mimeType":"image/png"})",
        R"({"type":"binary","media_type":"image/png","content":")" + png + "\"}",
        R"({"type":"file","mediaType":"image/png","data":")" + png + "\"}"}) {
    TraceBuilder trace(1, TestTime(), "bot");
    trace.Add(1, 0, "chat", 0, 100)
        .Set("gen_ai.operation.name", "chat")
        .Set("gen_ai.input.messages",
             R"([{"role":"user","parts":[{"type":"text","content":"What is it?"},)" + part + "]}]")
        .Set("gen_ai.output.messages", R"([{"role":"assistant","content":"A dot."}])");
    const v1::Interaction interaction = MapOne(trace);
    EXPECT_EQ(interaction.input(), "What is it?") << part;
    EXPECT_EQ(interaction.output(), "A dot.");
    ASSERT_EQ(interaction.messages(0).parts_size(), 2) << part;
    const common::v1::Media& media = interaction.messages(0).parts(1).media();
    EXPECT_EQ(media.mime_type(), "image/png");
    EXPECT_EQ(media.size_bytes(), 70) << part;
    EXPECT_EQ(media.sha256().size(), 32u);
    EXPECT_EQ(interaction.DebugString().find("iVBORw0"), std::string::npos);
  }
}

TEST(MediaOfMessages, AnAddressStaysOne) {
  TraceBuilder trace(1, TestTime(), "bot");
  trace.Add(1, 0, "chat", 0, 100)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.input.messages",
           R"([{"role":"user","parts":[{"type":"uri","mime_type":"image/png","modality":"image",
               "uri":"https://example.org/a.png"}]}])");
  const v1::Interaction interaction = MapOne(trace);
  EXPECT_EQ(interaction.input(), "");
  EXPECT_EQ(interaction.messages(0).parts(0).media().uri(), "https://example.org/a.png");
}

TEST(MediaOfMessages, OfAnySizeCostsNeitherCallNorText) {
  // What random bytes look like, of no format that is known.
  std::string base64;
  for (size_t i = 0; base64.size() < 4'000'000; ++i) base64 += Sha256Hex(std::to_string(i)) + "/Zz";
  for (const std::string& input :
       {R"({"messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},
           {"type":"input_audio","input_audio":{"format":"wav","data":")" +
            base64 + "\"}}]}]}",
        R"({"question":"What is it?","image":")" + base64 + "\"}"}) {
    const v1::Interaction interaction = MapOne(Wrapped(input, "A bell."));
    EXPECT_EQ(interaction.input(), "What is it?");
    EXPECT_EQ(interaction.output(), "A bell.");
    EXPECT_LT(interaction.ByteSizeLong(), 2'000u);
  }
}

TEST(MediaMarks, AreReadBackWithTheirDigest) {
  const std::string mark = TakeMediaOut("x " + std::string(kPng) + " y");
  ASSERT_TRUE(mark.starts_with("x [media image/png 70 bytes ")) << mark;
  const auto media = ReadMark(mark.substr(2, mark.size() - 4));
  ASSERT_TRUE(media.has_value());
  EXPECT_EQ(media->size_bytes(), 70);
  // At the end it may have been cut.
  EXPECT_EQ(TakeMediaOut("x " + std::string(kPng, 60)), "x [media image/png]");
  EXPECT_FALSE(ReadMark("[media of the day]").has_value());
  // What is long and no media stays.
  const std::string letters(10'000, 'x');
  EXPECT_EQ(TakeMediaOut(letters), letters);
  const std::string digest = Sha256Hex("x") + Sha256Hex("y");
  EXPECT_EQ(TakeMediaOut(digest), digest);
}

}  // namespace
}  // namespace flywheel::ingest
