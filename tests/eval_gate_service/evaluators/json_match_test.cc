// JSON Schema and JSON equality by fields.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "eval_gate_service/evaluators/json_values.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<const Evaluator> Schema(const std::string& schema) {
  return Make("json_schema", R"({"schema": )" + schema + "}");
}

std::string WhyNotSchema(const std::string& schema) {
  return WhyNot("json_schema", R"({"schema": )" + schema + "}");
}

// 1 accepted, 0 rejected, -1 failed.
int Verdict(const Evaluator& schema, const std::string& text) {
  const Evaluation evaluation = schema.Evaluate({}, Said(text));
  return evaluation.state == State::kMeasured ? static_cast<int>(evaluation.score) : -1;
}

// `inner` within so many of `open` and `close`.
std::string Nested(const std::string& open, int levels, const std::string& inner,
                   const std::string& close) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += open;
  text += inner;
  for (int i = 0; i < levels; ++i) text += close;
  return text;
}

constexpr const char* kOrder = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object", "required": ["id", "items"], "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "pattern": "^[A-Z]{2}\\d+$", "maxLength": 8},
    "items": {"type": "array", "minItems": 1, "uniqueItems": true,
              "items": {"$ref": "#/definitions/item"}},
    "note": {"type": ["string", "null"]},
    "format": {"enum": ["pdf", "html"]},
    "pattern": {"const": 3}},
  "definitions": {"item": {"type": "object", "required": ["sku"], "properties": {
    "sku": {"type": "integer", "minimum": 1},
    "price": {"type": "number", "exclusiveMinimum": 0}}}}})";

TEST(JsonSchema, AcceptsAndRejects) {
  const auto order = Schema(kOrder);
  EXPECT_EQ(Verdict(*order, R"({"id": "AB12", "items": [{"sku": 1, "price": 2.5}]})"), 1);
  EXPECT_EQ(Verdict(*order, R"( {"id": "AB12", "items": [{"sku": 1}, {"sku": 2}], "note": null,
                                 "format": "pdf", "pattern": 3} )"),
            1);
  for (const char* wrong :
       {R"({"id": "AB12"})", R"({"id": "AB12", "items": []})",
        R"({"id": "ab", "items": [{"sku": 1}]})", R"({"id": "AB12", "items": [{"sku": 0}]})",
        R"({"id": "AB12", "items": [{"sku": 1.5}]})",
        R"({"id": "AB12", "items": [{"sku": 1}, {"sku": 1}]})", R"([])", R"("AB12")",
        R"({"id": "AB12", "items": [{"sku": 1, "price": 0}]})",
        R"({"id": "AB12", "items": [{"sku": 1}], "extra": 1})",
        R"({"id": "AB12", "items": [{"sku": 1}], "format": "doc"})",
        R"({"id": "AB12", "items": [{"sku": 1}], "pattern": 4})",
        R"({"id": "AB1234567", "items": [{"sku": 1}]})"}) {
    EXPECT_EQ(Verdict(*order, wrong), 0) << wrong;
  }
  const Evaluation why = order->Evaluate({}, Said(R"({"id": "ab", "items": [{"sku": 1}]})"));
  EXPECT_THAT(why.explanation, HasSubstr("rejects it"));
  EXPECT_THAT(why.explanation, HasSubstr("id"));
}

TEST(JsonSchema, FailsWhatIsNoJson) {
  const auto order = Schema(kOrder);
  EXPECT_EQ(Verdict(*order, ""), -1);
  EXPECT_EQ(Verdict(*order, "{'id': 1}"), -1);
  EXPECT_EQ(Verdict(*order, R"({"id": "AB12", "items": [{"sku": 1}]} and more)"), -1);
  EXPECT_EQ(Verdict(*order, std::string(100'000, '[')), -1);
  EXPECT_EQ(Verdict(*order, std::string(65, '[') + std::string(65, ']')), -1);
}

TEST(JsonSchema, TakesAFencedBlockWhereItIsTold) {
  const auto fenced = Make("json_schema", R"({"schema": {"type": "array"}, "fenced": true})");
  EXPECT_EQ(Verdict(*fenced, "Here it is:\n```json\n[1]\n```\nDone."), 1);
  EXPECT_EQ(Verdict(*fenced, "[1]"), 1);
  EXPECT_EQ(Verdict(*fenced, "```\n[1]\n```\n```\n[2]\n```"), -1);
  EXPECT_EQ(Verdict(*fenced, "```json [1]"), -1);
  EXPECT_EQ(Verdict(*Schema(R"({"type": "array"})"), "```\n[1]\n```"), -1);
}

TEST(JsonSchema, KnowsCombinations) {
  const auto either = Schema(R"({"oneOf": [{"type": "integer", "multipleOf": 3},
      {"type": "integer", "multipleOf": 5}, {"type": "boolean"}]})");
  EXPECT_EQ(Verdict(*either, "9"), 1);
  EXPECT_EQ(Verdict(*either, "15"), 0);
  EXPECT_EQ(Verdict(*either, "true"), 1);
  const auto conditional = Schema(R"({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
      "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}}})");
  EXPECT_EQ(Verdict(*conditional, R"({"a": 1, "b": 2})"), 1);
  EXPECT_EQ(Verdict(*conditional, R"({"a": 1})"), 0);
  EXPECT_EQ(Verdict(*conditional, R"({"b": 1})"), 0);
  const auto names = Schema(R"({"propertyNames": {"pattern": "^[a-z]+$"}, "minProperties": 1,
      "dependencies": {"a": ["b"]}})");
  EXPECT_EQ(Verdict(*names, R"({"a": 1, "b": 2})"), 1);
  EXPECT_EQ(Verdict(*names, R"({"a": 1})"), 0);
  EXPECT_EQ(Verdict(*names, R"({"A": 1})"), 0);
  EXPECT_EQ(Verdict(*Schema(R"({"contains": {"const": 3}})"), "[1, 3]"), 1);
  EXPECT_EQ(Verdict(*Schema(R"({"contains": {"const": 3}})"), "[1]"), 0);
  EXPECT_EQ(Verdict(*Schema(R"({"properties": {"a": false}})"), R"({"a": 1})"), 0);
}

TEST(JsonSchema, WhatStandsBesideAReferenceCounts) {
  const auto both = Schema(R"({"$ref": "#/$defs/number", "maximum": 5,
      "$defs": {"number": {"type": "integer"}}})");
  EXPECT_EQ(Verdict(*both, "5"), 1);
  EXPECT_EQ(Verdict(*both, "6"), 0);
  EXPECT_EQ(Verdict(*both, "\"5\""), 0);
}

TEST(JsonSchema, FollowsASchemaThatHoldsItself) {
  const auto tree = Schema(R"({"type": "object", "required": ["v"], "properties": {
      "v": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#"}}}})");
  EXPECT_EQ(Verdict(*tree, R"({"v": 1, "children": [{"v": 2, "children": [{"v": 3}]}]})"), 1);
  EXPECT_EQ(Verdict(*tree, R"({"v": 1, "children": [{"v": 2, "children": [{"v": "3"}]}]})"), 0);
}

TEST(JsonSchema, RefusesWhatItWouldNotCheck) {
  for (const char* schema :
       {R"({"patternProperties": {"^a": {}}})", R"({"properties": {"a": {"tpye": "string"}}})",
        R"({"unevaluatedProperties": false})", R"({"dependentRequired": {"a": ["b"]}})"}) {
    EXPECT_THAT(WhyNotSchema(schema), HasSubstr("the keyword")) << schema;
  }
  EXPECT_THAT(WhyNotSchema(R"({"type": "strnig"})"), HasSubstr("no JSON Schema"));
  EXPECT_THAT(WhyNotSchema(R"({"properties": {"a": 1}})"),
              HasSubstr("parameters.schema #/properties/a: got 1, want a schema"));
  EXPECT_THAT(WhyNotSchema(R"({"pattern": "("})"), HasSubstr("no JSON Schema"));
  for (const char* schema : {"{}", "true", "1"}) {
    EXPECT_THAT(WhyNotSchema(schema), HasSubstr("want an object with keywords")) << schema;
  }
  EXPECT_THAT(WhyNot("json_schema", ""), HasSubstr("want an object with keywords"));
}

TEST(JsonSchema, FetchesNothing) {
  for (const char* reference : {"http://example.com/schema.json", "file:///etc/passwd",
                                "other.json#/a", "#anchor", "#/%64efinitions/a", ""}) {
    EXPECT_THAT(WhyNotSchema(R"({"$ref": ")" + std::string(reference) + R"("})"),
                HasSubstr("nothing is fetched"))
        << reference;
  }
  EXPECT_THAT(WhyNotSchema(R"({"$ref": 5})"), HasSubstr("nothing is fetched"));
  // A place that is no schema could hold anything.
  EXPECT_THAT(WhyNotSchema(R"({"$ref": "#/default", "default": {"patternProperties": {}}})"),
              HasSubstr("a place where a schema stands"));
  // An id would be what references are relative to.
  EXPECT_EQ(Verdict(*Schema(R"({"$id": "http://example.com/", "id": "http://example.com/",
      "$ref": "#/$defs/a", "$defs": {"a": {"$id": "http://example.com/a", "type": "null"}}})"),
                    "null"),
            1);
}

TEST(JsonSchema, RefusesSchemasWithoutEnd) {
  for (const char* schema :
       {R"({"$ref": "#"})", R"({"allOf": [{"$ref": "#"}]})", R"({"not": {"$ref": "#"}})",
        R"({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"oneOf": [{"$ref": "#"}]}}})",
        R"({"dependencies": {"a": {"$ref": "#"}}})"}) {
    EXPECT_THAT(WhyNotSchema(schema), HasSubstr("in a circle")) << schema;
  }
  const std::string deep = Nested(R"({"allOf": [)", 9, R"({"type": "null"})", "]}");
  EXPECT_THAT(WhyNotSchema(deep), HasSubstr("deep in each other"));
  nlohmann::json many = nlohmann::json::object();
  for (int i = 0; i < 1000; ++i) many["properties"]["p" + std::to_string(i)] = {{"type", "null"}};
  EXPECT_THAT(WhyNotSchema(many.dump()), HasSubstr("more schemas"));
}

TEST(JsonSchema, EndsWhateverSchemaAndAnswerDoTogether) {
  // Each level doubles the work: 2^60 visits.
  const auto doubling =
      Schema(R"({"anyOf": [{"properties": {"x": {"$ref": "#"}}, "required": ["y"]},
      {"properties": {"x": {"$ref": "#"}}, "required": ["z"]}]})");
  const std::string deep = Nested(R"({"x":)", 60, "1", "}");
  // "anyOf" over a number accepts; one level above all fails, after both ways were tried.
  EXPECT_EQ(Verdict(*doubling, deep), -1);
  // Uniqueness of many elements is quadratic.
  std::string list = "[0";
  for (int i = 1; i < 20'000; ++i) list += "," + std::to_string(i);
  EXPECT_EQ(Verdict(*Schema(R"({"uniqueItems": true})"), list + "]"), -1);
  EXPECT_EQ(Verdict(*Schema(R"({"uniqueItems": false})"), list + "]"), 1);
  // A regular expression that goes back over everything, on a long text.
  EXPECT_EQ(Verdict(*Schema(R"({"pattern": "^(a+)+$"})"), '"' + std::string(200'000, 'a') + "!\""),
            0);
  // The library's own check of a date recurses once a digit.
  EXPECT_EQ(Verdict(*Schema(R"({"type": "string", "format": "date"})"),
                    '"' + std::string(250'000, '1') + '"'),
            1);
}

TEST(JsonSchema, HasStackForTheDeepestThatItTakes) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "with AddressSanitizer a call takes several times the stack";
#endif
  // 8 schemas for each of 64 levels of the answer, in a thread of the default size.
  const auto deep = Schema(Nested(R"({"allOf": [)", 7, R"({"items": {"$ref": "#"}})", "]}"));
  const std::string text = std::string(64, '[') + std::string(64, ']');
  int verdict = 0;
  std::thread([&] { verdict = Verdict(*deep, text); }).join();
  EXPECT_EQ(verdict, 1);
  // A chain of as many schemas as there may be, each reached from the one before.
  nlohmann::json chain = {{"$ref", "#/$defs/d0"}};
  for (int i = 0; i < 490; ++i) {
    chain["$defs"]["d" + std::to_string(i)] = {
        {"properties", {{"x", {{"$ref", "#/$defs/d" + std::to_string((i + 1) % 490)}}}}}};
  }
  std::thread([&] { EXPECT_EQ(WhyNotSchema(chain.dump()), ""); }).join();
}

TEST(JsonSchema, IsSharedByThreads) {
  const auto order = Schema(kOrder);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&order, i] {
      const std::string text = R"({"id": "AB12", "items": [{"sku": )" + std::to_string(i) + "}]}";
      for (int round = 0; round < 200; ++round) EXPECT_EQ(Verdict(*order, text), i > 0 ? 1 : 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(JsonFields, ScoresTheShareOfRightFields) {
  const auto fields = Make("json_fields", "", 0.5);
  const std::string ideal =
      R"({"name": "Ann", "age": 30, "tags": ["a", "b"], "home": {"zip": "1"}})";
  EXPECT_EQ(
      ScoreOf(*fields, ideal, R"({"home":{"zip":"1"},"tags":["a","b"],"age":30.0,"name":"Ann"})"),
      1);
  // By hand: name 1, age 0, tags 1/2, home 0 of 4.
  EXPECT_DOUBLE_EQ(
      ScoreOf(*fields, ideal, R"({"name": "Ann", "age": 31, "tags": ["a"], "home": {"zip": 1}})"),
      1.5 / 4);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, R"({"a": 1})", R"({"a": 1, "b": 2})"), 0.5);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, R"({"a": null})", R"({})"), 0);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, "{}", "{}"), 1);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, "[]", "[]"), 1);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, "[]", "{}"), 0);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, "1", "1.0"), 1);
  EXPECT_EQ(fields->Evaluate(Ideal("no json"), Said("{}")).state, State::kNotApplicable);
  EXPECT_EQ(fields->Evaluate(Ideal("{}"), Said("no json")).state, State::kFailed);
  EXPECT_THAT(fields->Evaluate(Ideal(R"({"a": {"b": 1}})"), Said(R"({"a": {"b": 2}})")).explanation,
              HasSubstr("\"/a/b\""));
}

TEST(JsonFields, LooksAtTheNamedFieldsAlone) {
  const auto fields = Make("json_fields", R"({"fields": ["/price", "/items/0/sku", "/note"]})");
  const std::string ideal = R"({"price": 5, "items": [{"sku": "x"}], "text": "long"})";
  EXPECT_EQ(ScoreOf(*fields, ideal, R"({"price": 5, "items": [{"sku": "x"}], "text": "other"})"),
            1);
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, ideal, R"({"price": 6, "items": [{"sku": "x"}]})"), 2.0 / 3);
  // The ideal has no note, so the output must have none.
  EXPECT_DOUBLE_EQ(ScoreOf(*fields, ideal, R"({"price": 5, "items": {}, "note": 1})"), 1.0 / 3);
  for (const char* wrong : {"price", "/a~2", "/a~", "/99999999999999999999999"}) {
    EXPECT_THAT(WhyNot("json_fields", R"({"fields": [")" + std::string(wrong) + R"("]})"),
                HasSubstr("want a JSON pointer"));
  }
}

TEST(JsonFields, Forgives) {
  EXPECT_EQ(ScoreOf(*Make("json_fields", R"({"allow_extra": true})"), R"({"a": 1})",
                    R"({"a": 1, "b": 2})"),
            1);
  const auto sorted = Make("json_fields", R"({"ignore_order": true})");
  EXPECT_EQ(ScoreOf(*sorted, R"([[1, 2], {"x": [3, 4]}])", R"([{"x": [4, 3]}, [2, 1]])"), 1);
  EXPECT_EQ(ScoreOf(*Make("json_fields", R"({"ignore_case": true})"), R"(["A  b"])", R"(["a B"])"),
            1);
  const auto near = Make("json_fields", R"({"relative_tolerance": 0.1})");
  EXPECT_EQ(ScoreOf(*near, R"({"a": 100})", R"({"a": 109})"), 1);
  EXPECT_EQ(ScoreOf(*near, R"({"a": 100})", R"({"a": 111})"), 0);
  EXPECT_THAT(WhyNot("json_fields", R"({"ignore_order": true, "absolute_tolerance": 1})"),
              HasSubstr("want one of them"));
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
