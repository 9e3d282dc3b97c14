#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/benchmarks.h"
#include "eval_gate_service/evaluators/levenshtein.h"
#include "eval_gate_service/evaluators/make_evaluator.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

using namespace evalgate::evaluators;

constexpr size_t kPairCharacters = 116;
constexpr size_t kPairs = 256;

constexpr const char* kSentence =
    "Your new card is on its way and will be with you within 5 working days; we have blocked "
    "the old one, so that nobody can use it. The fee is 12.50 euros. ";
constexpr const char* kOrder =
    R"({"id": "AB12", "items": [{"sku": 17, "price": 12.5}, {"sku": 18, "price": 3}]})";
constexpr const char* kOrderSchema = R"({"schema": {
    "type": "object", "required": ["id", "items"], "additionalProperties": false,
    "properties": {"id": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"},
                   "note": {"type": ["string", "null"]},
                   "items": {"type": "array", "minItems": 1, "items": {
                       "type": "object", "required": ["sku"],
                       "properties": {"sku": {"type": "integer", "minimum": 1},
                                      "price": {"type": "number", "minimum": 0}}}}}}})";

// Calls a second on one core.
double PerSecond(absl::Duration duration, const std::function<double(size_t)>& call) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto end = start + absl::ToChronoNanoseconds(duration);
  size_t calls = 0;
  // What nobody reads would not be worked out.
  volatile double sink = 0;
  while (Clock::now() < end) {
    for (size_t i = 0; i < kPairs; ++i) sink = call(calls++);
  }
  (void)sink;
  return static_cast<double>(calls) / std::chrono::duration<double>(Clock::now() - start).count();
}

// Texts of the same length that differ from each other in a few places.
std::vector<std::string> PairTexts() {
  std::vector<std::string> texts;
  for (size_t i = 0; i <= kPairs; ++i) {
    std::string text = std::string(kSentence).substr(0, kPairCharacters);
    for (size_t j = 0; j < 12; ++j) {
      text[(i * 37 + j * 53) % kPairCharacters] = static_cast<char>('a' + (i * 7 + j) % 26);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

// The textbook's table, a row at a time.
double TextbookSimilarity(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1] ? 1 : 0)});
      diagonal = above;
    }
  }
  return 1 - static_cast<double>(row.back()) / static_cast<double>(std::max(a.size(), b.size()));
}

Row LevenshteinRow(const Setup& setup) {
  const std::vector<std::string> texts = PairTexts();
  const auto pair = [&](auto similarity) {
    return [&texts, similarity](size_t i) {
      return similarity(texts[i % kPairs], texts[i % kPairs + 1]);
    };
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return PerSecond(setup.duration, pair(LevenshteinSimilarity)); },
      [&] { return PerSecond(setup.duration, pair(TextbookSimilarity)); });
  return {.name = "Levenshtein of 116 characters, one core",
          .value = result.measured,
          .unit = "pairs/s",
          .reference_name = "the textbook's table",
          .reference = result.reference,
          .ratio = result.ratio};
}

std::unique_ptr<const Evaluator> MakeOrDie(const EvaluatorSpec& spec) {
  auto made = MakeEvaluator(spec);
  if (!made.ok()) Die(errors::MessageOf(made.status()));
  return *std::move(made);
}

Row JsonSchemaRow(const Setup& setup) {
  const auto schema = MakeOrDie({"json_schema", kOrderSchema, std::nullopt});
  Output output;
  output.text = kOrder;
  const Comparison result = CompareInTurn(
      setup.rounds,
      [&] {
        return PerSecond(setup.duration,
                         [&](size_t) { return schema->Evaluate({}, output).score; });
      },
      [&] {
        return PerSecond(setup.duration, [&](size_t) {
          return static_cast<double>(nlohmann::json::parse(output.text).size());
        });
      });
  return {.name = "JSON Schema of 8 fields, one core",
          .value = result.measured,
          .unit = "validations/s",
          .reference_name = "parsing alone",
          .reference = result.reference,
          .ratio = result.ratio};
}

// What a kind cannot do without.
std::string ParametersOf(std::string_view kind) {
  if (kind == "json_schema") return kOrderSchema;
  if (kind == "regex") return R"({"pattern": "within \\d+ working days"})";
  if (kind == "length") return R"({"most": 1000})";
  if (kind == "latency") return R"({"most_ms": 1000})";
  if (kind == "tokens") return R"({"most_tokens": 1000})";
  if (kind == "cost") return R"({"most_usd": 1})";
  if (kind == "external") return R"({"name": "judge"})";
  return "";
}

// An answer of 600 characters that is nearly right, or of JSON, with two calls.
void Fill(std::string_view kind, Case& one, Output& output) {
  std::string text;
  while (text.size() < 600) text += kSentence;
  if (kind == "json_schema" || kind == "json_fields") text = kOrder;
  one.input = "When will my new card be here, and what is the fee for it?\nA) today\nB) in 5 days";
  one.ideal_outputs = {kind == "choice" ? "B" : text};
  one.contexts = {text, "The cards are sent by mail from Oslo."};
  one.expected_calls = {{"send_card", R"({"user": 17, "express": true})"},
                        {"block_card", R"({"card": "4471"})"}};
  output.text = kind == "choice" ? "The answer is B, since it takes days." : text;
  if (text != kOrder && kind != "choice") output.text.replace(40, 3, "and");
  output.tool_calls = {{"block_card", R"({"card": "4471"})"},
                       {"send_card", R"({"express": true, "user": 17})"}};
  one.checks = {{"length", R"({"most": 500})", std::nullopt}, {"exact", "", std::nullopt}};
  output.latency_ms = 420;
  output.tokens = 300;
  output.cost_usd = 0.001;
  output.external_scores = {{"judge", "", 1, ""}};
}

Row KindRow(const Setup& setup, const EvaluatorKind& kind) {
  const auto measured = MakeOrDie(
      {std::string(kind.name), ParametersOf(kind.name), kind.default_threshold.value_or(0.5)});
  const auto exact = MakeOrDie({"exact", "", std::nullopt});
  Case one;
  Output output;
  Fill(kind.name, one, output);
  if (measured->Evaluate(one, output).state != State::kMeasured) {
    Die(fmt::format("{}: {}", kind.name, measured->Evaluate(one, output).explanation));
  }
  const auto rate = [&](const Evaluator& evaluator) {
    return PerSecond(setup.duration / 10,
                     [&](size_t) { return evaluator.Evaluate(one, output).score; });
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(*measured); }, [&] { return rate(*exact); });
  return {.name = fmt::format("evaluator {}, one core", kind.name),
          .value = result.measured,
          .unit = "cases/s",
          .reference_name = "exact on the same case",
          .reference = result.reference,
          .ratio = result.ratio};
}

}  // namespace

std::vector<Row> Evaluators(const Setup& setup) {
  std::vector<Row> rows = {LevenshteinRow(setup), JsonSchemaRow(setup)};
  for (const EvaluatorKind& kind : EvaluatorKinds()) rows.push_back(KindRow(setup, kind));
  return rows;
}

}  // namespace flywheel::bench
