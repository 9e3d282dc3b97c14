#include "cli/suite_files/jsonl_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(JsonlCases, HaveEveryFieldOfTheContract) {
  const SuiteFile file = ReadJsonlCases(
      R"j({"id": "c1", )j"
      R"j("messages": [{"role": "system", "content": "be brief"}, {"role": "user", )j"
      R"j("content": "refund A1"}], )j"
      R"j("ideals": ["done", "refunded"], )j"
      R"j("expected_tool_calls": [{"name": "refund", "arguments": {"order": ["A1", )j"
      R"j("a1"]}, "any_of": true}], )j"
      R"j("tools": [{"name": "refund", "description": "pays back", )j"
      R"j("parameters": {"type": "object"}}], )j"
      R"j("contexts": ["A1 was lost", {"text": "policy", "document_id": 7, )j"
      R"j("score": 0.5}], )j"
      R"j("checks": [{"kind": "length", "parameters": {"most": 80}}, {"kind": "rouge_l", )j"
      R"j("threshold": 0.4}], )j"
      R"j("cohort": "refunds", "group": "task-7", "critical": true, )j"
      R"j("labels": {"source": "desk", "priority": 2}})j"
      "\n\n"
      R"({"input": "hello", "ideal": "hi"})",
      "cases.jsonl");
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_EQ(file.cases.size(), 2u);
  const evalgate::v1::UploadedCase& one = file.cases[0];
  EXPECT_EQ(one.case_id(), "c1");
  EXPECT_EQ(one.input(), "");
  ASSERT_EQ(one.prompt_size(), 2);
  EXPECT_EQ(one.prompt(1).parts(0).text(), "refund A1");
  EXPECT_THAT(one.ideal_outputs(), ElementsAre("done", "refunded"));
  ASSERT_EQ(one.expected_tool_calls().calls_size(), 1);
  EXPECT_EQ(one.expected_tool_calls().calls(0).arguments_json(), R"({"order":["A1","a1"]})");
  EXPECT_TRUE(one.expected_tool_calls().calls(0).any_of());
  EXPECT_EQ(one.tools(0).name(), "refund");
  EXPECT_EQ(one.contexts(0).text(), "A1 was lost");
  EXPECT_EQ(one.contexts(1).document_id(), "7");
  EXPECT_EQ(one.checks(0).parameters_json(), R"({"most":80})");
  EXPECT_FALSE(one.checks(0).has_threshold());
  EXPECT_EQ(one.checks(1).threshold(), 0.4);
  EXPECT_EQ(one.cohort(), "refunds");
  EXPECT_EQ(one.group(), "task-7");
  EXPECT_TRUE(one.critical());
  EXPECT_EQ(one.labels().at("priority"), "2");
  EXPECT_EQ(file.places.at("c1"), "cases.jsonl:1");
  EXPECT_EQ(file.places.at(file.cases[1].case_id()), "cases.jsonl:3");
  EXPECT_FALSE(file.cases[1].has_expected_tool_calls());
}

TEST(JsonlCases, WithoutAnIdHaveThatOfTheirQuestion) {
  const auto id_of = [](const std::string& line) {
    return ReadJsonlCases(line, "f").cases.at(0).case_id();
  };
  const std::string id = id_of(R"({"input": "hello", "ideal": "hi"})");
  EXPECT_EQ(id_of(R"({"ideal": "hey", "critical": true, "input": "hello"})"), id);
  EXPECT_NE(id_of(R"({"input": "hello!", "ideal": "hi"})"), id);
}

TEST(JsonlCases, NameTheLineOfEveryFault) {
  const SuiteFile file = ReadJsonlCases(
      "{\"input\": \"a\"\n"
      "{\"ideal\": \"b\"}\n"
      "{\"input\": \"a\", \"messages\": []}\n"
      "{\"input\": \"a\", \"idael\": \"b\"}\n"
      "{\"input\": \"a\", \"id\": \"no id\"}\n"
      "{\"input\": \"a\", \"critical\": \"yes\"}\n"
      "{\"input\": \"a\", \"checks\": [{\"kind\": \"exact\", \"treshold\": 1}]}\n"
      "[1]\n"
      "{\"input\": \"a\", \"id\": \"twice\"}\n"
      "{\"input\": \"b\", \"id\": \"twice\"}\n",
      "cases.jsonl");
  EXPECT_EQ(file.fault_count, 9);
  EXPECT_THAT(
      file.faults,
      ElementsAre(HasSubstr("cases.jsonl, line 1"),
                  AllOf(HasSubstr("cases.jsonl:2"), HasSubstr("neither 'input' nor 'messages'")),
                  HasSubstr("cases.jsonl:3: got 'input' and 'messages'"),
                  AllOf(HasSubstr("cases.jsonl:4: got the unknown field 'idael'"),
                        HasSubstr("ideal, ideals")),
                  HasSubstr("cases.jsonl:5: id: got \"no id\""),
                  HasSubstr("cases.jsonl:6: critical: got \"yes\""), HasSubstr("treshold"),
                  HasSubstr("cases.jsonl:8: got an array of 1"),
                  HasSubstr("cases.jsonl:10: got the case 'twice' of cases.jsonl:9 again")));
}

TEST(JsonlCases, TellTenFaultsAndCountTheOthers) {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "{}\n";
  const SuiteFile file = ReadJsonlCases(text, "f");
  EXPECT_EQ(file.faults.size(), 10u);
  EXPECT_EQ(file.fault_count, 25);
}

TEST(JsonlCases, MayStandInAnArrayOrInCsv) {
  EXPECT_EQ(
      ReadJsonlCases(R"([{"input": "a", "ideal": "b"}, {"input": "c"}])", "f.json").cases.size(),
      2u);
  const SuiteFile csv = ReadJsonlCases(
      "id,input,ideal,cohort\n1,\"say \"\"hi\"\",\nplease\",hi,\n2,go,,app\n", "f.csv");
  ASSERT_THAT(csv.faults, IsEmpty());
  ASSERT_EQ(csv.cases.size(), 2u);
  EXPECT_EQ(csv.cases[0].input(), "say \"hi\",\nplease");
  EXPECT_EQ(csv.cases[0].cohort(), "");
  EXPECT_EQ(csv.cases[1].cohort(), "app");
  EXPECT_EQ(csv.places.at("2"), "f.csv:4");
  EXPECT_THAT(ReadJsonlCases("input\n\"never closed\n", "f.csv").faults,
              ElementsAre(HasSubstr("f.csv:2")));
  EXPECT_THAT(ReadJsonlCases("input\na,b\n", "f.csv").faults,
              ElementsAre(HasSubstr("f.csv:2: got 2 fields")));
}

}  // namespace
}  // namespace flywheel::cli
