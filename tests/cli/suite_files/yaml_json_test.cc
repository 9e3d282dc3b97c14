#include "cli/suite_files/yaml_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/suite_files/prompt_template.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json Value(const std::string& text) {
  const auto document = ReadYaml(text, "f.yaml");
  EXPECT_OK(document);
  return document.ok() ? document->value : json();
}

TEST(YamlJson, TakesScalarsAsTheCoreSchemaHasThem) {
  EXPECT_EQ(Value("a: 1\nb: '1'\nc: true\nd: \"true\"\ne: ~\nf: 1.5\ng: no\nh: 0x1f\ni: -3\n"
                  "j: 1e3\nk: .inf\nl: 2024-01-02\nm: +7\nn:\no: '3'\np: 08\n"),
            json({{"a", 1},
                  {"b", "1"},
                  {"c", true},
                  {"d", "true"},
                  {"e", nullptr},
                  {"f", 1.5},
                  {"g", "no"},
                  {"h", 31},
                  {"i", -3},
                  {"j", 1000.0},
                  {"k", ".inf"},
                  {"l", "2024-01-02"},
                  {"m", 7},
                  {"n", nullptr},
                  {"o", "3"},
                  {"p", 8}}));
  EXPECT_EQ(Value("- |\n  two\n  lines\n- >-\n  one\n  line\n"),
            json({"two\nlines\n", "one line"}));
  EXPECT_EQ(Value(R"({"json": [1, "two", null]})"), json({{"json", {1, "two", nullptr}}}));
  EXPECT_EQ(Value(""), json());
}

TEST(YamlJson, ResolvesAliasesAndMergeKeys) {
  EXPECT_EQ(Value("base: &b {x: 1, y: 2}\none: *b\ntwo: {<<: *b, y: 3}\n"),
            json({{"base", {{"x", 1}, {"y", 2}}},
                  {"one", {{"x", 1}, {"y", 2}}},
                  {"two", {{"x", 1}, {"y", 3}}}}));
}

TEST(YamlJson, RemembersTheLinesOfObjectsInLists) {
  const auto document = ReadYaml("tests:\n  - vars: {a: 1}\n\n  - vars:\n      a: 2\n", "f.yaml");
  ASSERT_OK(document);
  EXPECT_EQ(document->lines.at("/tests/0"), 2);
  EXPECT_EQ(document->lines.at("/tests/1"), 4);
}

TEST(YamlJson, RefusesWhatIsMalformedOrWouldNeverEnd) {
  EXPECT_THAT(std::string(ReadYaml("a: [1\nb: 2", "f.yaml").status().message()),
              HasSubstr("malformed YAML"));
  EXPECT_FALSE(ReadYaml("a: 1\n---\nb: 2\n", "f.yaml").ok());
  EXPECT_FALSE(ReadYaml("a: \"\xff\xfe\"\n", "f.yaml").ok());
  std::string deep(100, '[');
  EXPECT_FALSE(ReadYaml(deep + std::string(100, ']'), "f.yaml").ok());
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) laughs += (j == 0 ? "" : ", ") + before;
    laughs += "]\n";
  }
  EXPECT_THAT(std::string(ReadYaml(laughs, "f.yaml").status().message()),
              HasSubstr("at most a million"));
}

TEST(PromptTemplate, PutsVariablesIn) {
  const json variables = {{"name", "Ada"},
                          {"user", {{"langs", {"de", "fr"}}}},
                          {"count", 3},
                          {"quoted", "a \"b\""},
                          {"empty", ""}};
  const auto render = [&](const std::string& text) {
    const auto rendered = RenderTemplate(text, variables);
    return rendered.ok() ? *rendered : "error: " + std::string(rendered.status().message());
  };
  EXPECT_EQ(render("Hello {{name}}, {{ count }} {times} {{empty}}!"), "Hello Ada, 3 {times} !");
  EXPECT_EQ(render("{{ user.langs[1] }} {{user['langs'][0]}} {{user.langs}}"),
            R"(fr de ["de","fr"])");
  EXPECT_EQ(render("{{ name | upper }} {{ quoted | dump }} {{ name | trim | lower }}"),
            R"(ADA "a \"b\"" ada)");
  EXPECT_THAT(render("{{ nobody }}"), HasSubstr("no variable 'nobody'"));
  EXPECT_THAT(render("{% if name %}a{% endif %}"), HasSubstr("'{% if name %}'"));
  EXPECT_THAT(render("{{ 1 + 2 }}"), HasSubstr("error"));
  EXPECT_THAT(render("{{ name | reverse }}"), HasSubstr("reverse"));
  EXPECT_THAT(render("{{ name"), HasSubstr("error"));
  EXPECT_THAT(render("{{}}"), HasSubstr("error"));
  EXPECT_THAT(render("{{ user[ }}"), HasSubstr("error"));
}

}  // namespace
}  // namespace flywheel::cli
