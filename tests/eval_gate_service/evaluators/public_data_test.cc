// Evaluators on answers and calls of public data sets.
#include "tests/eval_gate_service/evaluators/public_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using nlohmann::json;

struct Answered {
  Case one;
  // Of two models: what they said, and whether that is labelled right.
  std::string mixtral;
  std::string gpt4;
  bool mixtral_right = false;
  bool gpt4_right = false;
};

std::vector<Answered> Gsm8k() {
  std::map<std::string, std::string> answers;
  for (const json& row : JsonLines("gsm8k_two_models/test.jsonl")) {
    const std::string answer = row["answer"];
    answers[row["question"]] = answer.substr(answer.find("####"));
  }
  std::vector<Answered> answered;
  const auto rows = CsvRows("gsm8k_two_models/responses.csv");
  for (size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::string>& row = rows[i];
    answered.push_back(
        {Ideal(answers[row.at(0)]), row.at(3), row.at(4), row[1] == "True", row[2] == "True"});
  }
  return answered;
}

TEST(Gsm8k, TheLastNumberAgreesWithTheLabels) {
  const std::vector<Answered> answered = Gsm8k();
  if (answered.empty()) {
    GTEST_SKIP() << DataFile("gsm8k_two_models") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  ASSERT_EQ(answered.size(), 1319u);
  const auto numeric = Make("numeric");
  const auto exact = Make("normalised");
  int mixtral_agrees = 0, gpt4_agrees = 0, only_gpt4 = 0, only_mixtral = 0, exact_right = 0;
  for (const Answered& one : answered) {
    const bool mixtral = numeric->Evaluate(one.one, Said(one.mixtral)).passed;
    const bool gpt4 = numeric->Evaluate(one.one, Said(one.gpt4)).passed;
    mixtral_agrees += mixtral == one.mixtral_right ? 1 : 0;
    gpt4_agrees += gpt4 == one.gpt4_right ? 1 : 0;
    only_gpt4 += one.gpt4_right && !one.mixtral_right ? 1 : 0;
    only_mixtral += one.mixtral_right && !one.gpt4_right ? 1 : 0;
    exact_right += exact->Evaluate(one.one, Said(one.gpt4)).passed ? 1 : 0;
  }
  EXPECT_EQ(mixtral_agrees, 1312);  // .9947
  EXPECT_EQ(gpt4_agrees, 1277);     // .9682
  EXPECT_EQ(only_gpt4, 383);
  EXPECT_EQ(only_mixtral, 95);
  EXPECT_EQ(exact_right, 0);
}

struct FunctionCalls {
  std::string id;
  Case one;
  // Of each expected call, by argument, the values that are allowed.
  std::vector<json> allowed;
};

bool IsEmptyText(const json& value) {
  return value.is_string() && value.get_ref<const std::string&>().empty();
}

std::vector<FunctionCalls> ReadFunctionCalls() {
  std::vector<FunctionCalls> all;
  for (const std::string name : {"simple_python", "multiple", "parallel", "parallel_multiple"}) {
    const auto questions = JsonLines("bfcl_function_calls/" + name + ".json");
    const auto answers = JsonLines("bfcl_function_calls/" + name + ".answers.json");
    EXPECT_EQ(questions.size(), answers.size());
    for (size_t i = 0; i < answers.size(); ++i) {
      FunctionCalls item;
      item.id = answers[i]["id"];
      EXPECT_EQ(item.id, questions[i]["id"]);
      for (const json& function : questions[i]["function"]) {
        item.one.tools.push_back({function["name"], function["parameters"].dump()});
      }
      item.one.expected_calls.emplace();
      for (const json& call : answers[i]["ground_truth"]) {
        const auto first = call.begin();
        item.one.expected_calls->push_back({first.key(), first->dump(), true});
        item.allowed.push_back(*first);
      }
      all.push_back(std::move(item));
    }
  }
  return all;
}

// One value of an allowed one, the `choice`-th where there are several; objects in it have lists of
// allowed values as members.
json Concrete(const json& allowed, size_t choice) {
  if (allowed.is_object()) {
    json object = json::object();
    for (const auto& [name, values] : allowed.items()) {
      const json& value = values[choice % values.size()];
      if (!IsEmptyText(value)) object[name] = Concrete(value, choice);
    }
    return object;
  }
  json value = allowed;
  if (value.is_array()) {
    for (json& element : value) element = Concrete(element, choice);
  }
  return value;
}

bool Requires(const FunctionCalls& item, const std::string& function, const std::string& argument) {
  for (const Tool& tool : item.one.tools) {
    const json required = json::parse(tool.parameters_json_schema)["required"];
    if (tool.name == function) {
      return std::find(required.begin(), required.end(), argument) != required.end();
    }
  }
  return false;
}

// The calls with the `choice`-th allowed value of each argument.
std::vector<ToolCall> Acceptable(const FunctionCalls& item, size_t choice) {
  std::vector<ToolCall> calls;
  for (size_t i = 0; i < item.allowed.size(); ++i) {
    const std::string& name = (*item.one.expected_calls)[i].name;
    json arguments = json::object();
    for (const auto& [argument, values] : item.allowed[i].items()) {
      const json& value = values[choice % values.size()];
      // What the schema requires is given, with the empty text where that alone is allowed.
      if (!IsEmptyText(value) || (values.size() == 1 && Requires(item, name, argument))) {
        arguments[argument] = Concrete(value, choice);
      } else if (Requires(item, name, argument)) {
        arguments[argument] = Concrete(values[(choice + 1) % values.size()], choice);
      }
    }
    calls.push_back({name, arguments.dump()});
  }
  return calls;
}

size_t MostValues(const FunctionCalls& item) {
  size_t most = 1;
  for (const json& arguments : item.allowed) {
    for (const json& values : arguments) most = std::max(most, values.size());
  }
  return most;
}

// An argument has several values, or may be left out.
bool HasSeveralCalls(const FunctionCalls& item) {
  return std::any_of(item.allowed.begin(), item.allowed.end(), [](const json& arguments) {
    return std::any_of(arguments.begin(), arguments.end(), [](const json& values) {
      return values.size() > 1 || IsEmptyText(values[0]);
    });
  });
}

bool Passes(const Evaluator& evaluator, const FunctionCalls& item, std::vector<ToolCall> calls) {
  Output output;
  output.tool_calls = std::move(calls);
  return evaluator.Evaluate(item.one, output).passed;
}

TEST(FunctionCalls, EveryAcceptableCallIsAccepted) {
  const auto items = ReadFunctionCalls();
  if (items.empty()) {
    GTEST_SKIP() << DataFile("bfcl_function_calls") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  ASSERT_EQ(items.size(), 1000u);
  const auto values = Make("tool_calls");
  const auto strict = Make("tool_calls", R"({"strict": true})");
  int several = 0;
  std::set<std::string> not_strict;
  for (const FunctionCalls& item : items) {
    several += HasSeveralCalls(item) ? 1 : 0;
    for (size_t choice = 0; choice < MostValues(item); ++choice) {
      const std::vector<ToolCall> calls = Acceptable(item, choice);
      EXPECT_TRUE(Passes(*values, item, calls)) << item.id << " " << calls[0].arguments_json;
      if (!Passes(*strict, item, calls)) not_strict.insert(item.id);
    }
  }
  // Their answers allow arguments that their tools do not have, which the leaderboard refuses.
  EXPECT_EQ(not_strict, (std::set<std::string>{"parallel_multiple_12", "parallel_multiple_26"}));
  EXPECT_EQ(several, 687);
}

// A change of right calls; false where these have nothing to change.
using Change = std::function<bool(const FunctionCalls&, std::vector<ToolCall>&)>;

// Applies `change` to the arguments of the first call.
Change OfArguments(const std::function<bool(const FunctionCalls&, json&)>& change) {
  return [change](const FunctionCalls& item, std::vector<ToolCall>& calls) {
    json arguments = json::parse(calls[0].arguments_json);
    if (!change(item, arguments)) return false;
    calls[0].arguments_json = arguments.dump();
    return true;
  };
}

// Applies `change` to the first argument for which it returns true.
Change OfValue(const std::function<bool(json&)>& change) {
  return OfArguments([change](const FunctionCalls&, json& arguments) {
    return std::any_of(arguments.begin(), arguments.end(), change);
  });
}

struct Mutation {
  const char* name;
  Change change;
  bool values_pass;
  bool strict_passes;
  // How many pass strictly although the others do not.
  int strict_exceptions = 0;
};

std::vector<Mutation> Mutations() {
  return {
      {"another function",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         calls[0].name += "_v2";
         return true;
       },
       false, false},
      {"a needed argument is missing", OfArguments([](const FunctionCalls& item, json& arguments) {
         for (const auto& [name, values] : item.allowed[0].items()) {
           const bool optional = std::any_of(values.begin(), values.end(), IsEmptyText);
           if (!optional && arguments.erase(name) > 0) return true;
         }
         return false;
       }),
       false, false},
      {"an argument that nobody knows", OfArguments([](const FunctionCalls&, json& arguments) {
         arguments["verbose"] = true;
         return true;
       }),
       false, false},
      {"another number", OfValue([](json& value) {
         if (!value.is_number()) return false;
         value = value.get<double>() + 1017.25;
         return true;
       }),
       false, false},
      {"another text", OfValue([](json& value) {
         if (!value.is_string()) return false;
         value = value.get<std::string>() + " zzz";
         return true;
       }),
       false, false},
      {"a number as text", OfValue([](json& value) {
         if (!value.is_number()) return false;
         value = value.dump();
         return true;
       }),
       false, false},
      {"a call too many",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         calls.push_back(calls[0]);
         return true;
       },
       false, false},
      {"a call is missing",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         calls.pop_back();
         return true;
       },
       false, false},
      {"broken JSON",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         calls[0].arguments_json += "}";
         return true;
       },
       false, false},
      {"the first call in the place of the last",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         if (calls.size() < 2 || calls.front().arguments_json == calls.back().arguments_json) {
           return false;
         }
         calls.back() = calls.front();
         return true;
       },
       // Genotypes "AA" and "aa" of parallel_116, which the leaderboard takes for equal.
       false, false, 1},
      {"the calls the other way round",
       [](const FunctionCalls&, std::vector<ToolCall>& calls) {
         std::reverse(calls.begin(), calls.end());
         return calls.size() > 1;
       },
       true, true},
      {"an integer as a float", OfValue([](json& value) {
         if (!value.is_number_integer()) return false;
         value = value.get<double>();
         return true;
       }),
       true, false},
      {"a text in capitals", OfValue([](json& value) {
         if (!value.is_string() || value.get<std::string>().find('o') == std::string::npos)
           return false;
         std::string text = value;
         std::replace(text.begin(), text.end(), 'o', 'O');
         value = text;
         return true;
       }),
       false, true},
  };
}

TEST(FunctionCalls, MutationsAreJudgedAsTheDefinitionSays) {
  const auto items = ReadFunctionCalls();
  if (items.empty()) {
    GTEST_SKIP() << DataFile("bfcl_function_calls") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  const auto values = Make("tool_calls");
  const auto strict = Make("tool_calls", R"({"strict": true})");
  for (const Mutation& mutation : Mutations()) {
    int changed = 0, values_pass = 0, strict_passes = 0;
    for (const FunctionCalls& item : items) {
      std::vector<ToolCall> calls = Acceptable(item, 0);
      if (!Passes(*strict, item, calls) || !mutation.change(item, calls)) continue;
      ++changed;
      values_pass += Passes(*values, item, calls) ? 1 : 0;
      strict_passes += Passes(*strict, item, calls) ? 1 : 0;
    }
    EXPECT_GE(changed, 100) << mutation.name;
    EXPECT_EQ(values_pass, mutation.values_pass ? changed : 0) << mutation.name;
    EXPECT_EQ(strict_passes, mutation.strict_passes ? changed : mutation.strict_exceptions)
        << mutation.name;
  }
}

TEST(FunctionCalls, AnyCallIsWrongWhereNoneFits) {
  const auto rows = JsonLines("bfcl_function_calls/irrelevance.json");
  if (rows.empty()) {
    GTEST_SKIP() << DataFile("bfcl_function_calls") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  ASSERT_EQ(rows.size(), 240u);
  for (const char* parameters : {"", R"({"strict": true})", R"({"extra": "free"})"}) {
    const auto calls = Make("tool_calls", parameters);
    for (const json& row : rows) {
      FunctionCalls item;
      item.one.expected_calls.emplace();
      EXPECT_TRUE(Passes(*calls, item, {}));
      EXPECT_FALSE(Passes(*calls, item, {{row["function"][0]["name"], "{}"}})) << row["id"];
    }
  }
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
