// Values as Python shows them, which is all that some libraries record.
#include "ingest_service/otlp/python_repr.h"

#include <gtest/gtest.h>

#include <string>

namespace flywheel::ingest {
namespace {

using nlohmann::json;

TEST(PythonRepr, IsReadAsWhatItShows) {
  const std::string shown =
      R"({'messages': [ChatMessage(_role=<ChatRole.USER: 'user'>, )"
      R"(_content=[TextContent(text="It's")],)"
      R"( _name=None, _meta={})], 'callback': <function answer.<locals>.<lambda> at 0x7f>, )"
      R"('stream': True, 'share': -0.5, 'tags': ('a',), 'seen': {1, 2}})";
  const std::optional<json> read = ParsePythonRepr(shown);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, json::parse(R"({"messages": [{"_role": "user", "_content": [{"text": "It's"}],
      "_name": null, "_meta": {}}], "callback": null, "stream": true, "share": -0.5, "tags": ["a"],
      "seen": [1, 2]})"));
}

TEST(PythonRepr, ReadsEscapesAndObjectsOfOneValue) {
  EXPECT_EQ(*ParsePythonRepr(R"({'a': 'x\n\'y\' \xe9 \u2713 \U0001f600 \ud83d'})"),
            json({{"a", "x\n'y' \xC3\xA9 \xE2\x9C\x93 \xF0\x9F\x98\x80 \xEF\xBF\xBD"}}));
  EXPECT_EQ(*ParsePythonRepr("[Text('hello'), Text(b'bytes')]"), json({"hello", "bytes"}));
  EXPECT_EQ(*ParsePythonRepr("Stop(result=Answer(text='18 C'), at=nan)"),
            json({{"result", {{"text", "18 C"}}}, {"at", "nan"}}));
  EXPECT_EQ(*ParsePythonRepr("{'f': <Call(*, name: str) -> None>}"), json({{"f", nullptr}}));
}

TEST(PythonRepr, WhatIsCutOrNoneIsNotRead) {
  const std::string whole = "Message(role=<Role.USER: 'user'>, parts=[Text(text='hi')])";
  ASSERT_TRUE(ParsePythonRepr(whole).has_value());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ParsePythonRepr(whole.substr(0, size)).has_value()) << size;
  }
  for (const char* text : {"", "Hello (world)", "{name}", "Paris", "[1, 2]", "{'a' 'b'}",
                           "{'a': 1}, more", "{'a': 'b\\xg1'}"}) {
    EXPECT_FALSE(ParsePythonRepr(text).has_value()) << text;
  }
  const std::string deep = "{'a': " + std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_FALSE(ParsePythonRepr(deep).has_value());
}

}  // namespace
}  // namespace flywheel::ingest
