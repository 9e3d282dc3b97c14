#include "eval_gate_service/evaluators/json_schema.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/pattern_work.h"
#include "eval_gate_service/evaluators/schema_preparation.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

using valijson::adapters::Adapter;
using valijson::constraints::Constraint;
using Context = std::vector<std::string>;

constexpr int64_t kMaxSteps = 1'000'000;
// Of work.h: to read a byte of JSON, to visit a schema, to look for a name, to compare a value.
constexpr int64_t kWorkOfByte = 40;
constexpr int64_t kWorkOfVisit = 300;
constexpr int64_t kWorkOfName = 60;
constexpr int64_t kWorkOfValue = 60;

// The way out of the library's recursion: it has no other. Caught in Validate.
struct TooManySteps {};

// Constraints are shared by all threads that validate.
thread_local int64_t steps_left = 0;

void Take(int64_t steps) {
  steps_left -= steps;
  if (steps_left < 0) throw TooManySteps();
}

void TakeWork(int64_t steps) {
  if (!Work::Take(steps)) throw TooManySteps();
}

// How many values it is made of; a text counts as one of each 64 bytes.
int64_t SizeOf(const Adapter& value) {
  if (value.isString()) return 1 + static_cast<int64_t>(value.getString().size() / 64);
  int64_t size = 1;
  if (value.isArray()) {
    (void)value.applyToArray([&](const Adapter& element) {
      size += SizeOf(element);
      return true;
    });
  } else if (value.isObject()) {
    (void)value.applyToObject([&](const std::string& /*name*/, const Adapter& member) {
      size += SizeOf(member);
      return true;
    });
  }
  return size;
}

bool Reject(const Context& context, valijson::ValidationResults* results, const char* why) {
  if (results != nullptr) results->pushError(context, why);
  return false;
}

// The library copies constraints into memory of its own.
template <typename Derived>
class OwnConstraint : public valijson::constraints::PolyConstraint {
 private:
  Constraint* cloneInto(void* place) const override {
    return new (place) Derived(static_cast<const Derived&>(*this));
  }
  size_t sizeOf() const override { return sizeof(Derived); }
};

class Visit final : public OwnConstraint<Visit> {
 public:
  explicit Visit(int64_t weight) : weight_(weight) {}
  bool validate(const Adapter& /*target*/, const Context& /*context*/,
                valijson::ValidationResults* /*results*/) const override {
    Take(weight_);
    TakeWork(kWorkOfVisit);
    return true;
  }

 private:
  int64_t weight_;
};

// What a visit takes beside that, where a schema has lists.
class Lists final : public OwnConstraint<Lists> {
 public:
  // `names` are looked for in an object, and `values` compared with whatever it is.
  Lists(int64_t names, int64_t values) : names_(names), values_(values) {}
  bool validate(const Adapter& target, const Context& /*context*/,
                valijson::ValidationResults* /*results*/) const override {
    if (target.isObject()) TakeWork(kWorkOfName * names_);
    if (values_ > 0) TakeWork(kWorkOfValue * values_ * SizeOf(target));
    return true;
  }

 private:
  int64_t names_;
  int64_t values_;
};

class Pattern final : public OwnConstraint<Pattern> {
 public:
  explicit Pattern(std::shared_ptr<const RE2> pattern) : pattern_(std::move(pattern)) {}
  bool validate(const Adapter& target, const Context& context,
                valijson::ValidationResults* results) const override {
    if (!target.isString()) return true;
    const std::string text = target.getString();
    TakeWork(StepsToMatch(*pattern_, text));
    if (RE2::PartialMatch(text, *pattern_)) return true;
    return Reject(context, results, "does not match the pattern");
  }

 private:
  std::shared_ptr<const RE2> pattern_;
};

class Unique final : public OwnConstraint<Unique> {
 public:
  bool validate(const Adapter& target, const Context& context,
                valijson::ValidationResults* results) const override {
    if (!target.isArray()) return true;
    std::vector<std::unique_ptr<valijson::adapters::FrozenValue>> seen;
    const bool unique = target.applyToArray([&](const Adapter& element) {
      Take(static_cast<int64_t>(seen.size()));
      TakeWork(kWorkOfValue * static_cast<int64_t>(seen.size()) * SizeOf(element));
      for (const auto& other : seen) {
        if (other->equalTo(element, /*strict=*/true)) return false;
      }
      seen.emplace_back(element.freeze());
      return true;
    });
    return unique || Reject(context, results, "has equal elements");
  }
};

// Makes what stands at a keyword, or says by an exception of the library that it cannot: caught in
// Compile.
class OwnBuilder final : public valijson::ConstraintBuilder {
 public:
  using Make = Constraint* (*)(const Adapter&);
  explicit OwnBuilder(Make builder) : make_(builder) {}
  Constraint* make(const Adapter& value) const override { return make_(value); }

 private:
  Make make_;
};

Constraint* MakeVisit(const Adapter& value) { return new Visit(value.asInteger()); }

Constraint* MakeLists(const Adapter& value) {
  std::vector<int64_t> sizes;
  (void)value.applyToArray([&](const Adapter& size) {
    sizes.push_back(size.asInteger());
    return true;
  });
  return new Lists(sizes.at(0), sizes.at(1));
}

Constraint* MakePattern(const Adapter& value) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto pattern = std::make_shared<const RE2>(value.asString(), options);
  if (!pattern->ok()) valijson::throwRuntimeError("a pattern is not RE2's: " + pattern->error());
  // One may have a thousand, each of which takes milliseconds and a part of a megabyte.
  if (!Work::Take(StepsOfProgram(*pattern))) {
    valijson::throwRuntimeError(
        "a pattern takes too many steps to compile, beside those before it");
  }
  return new Pattern(std::move(pattern));
}

// Always there, and without effect where it is false.
Constraint* MakeUnique(const Adapter& value) {
  if (!value.asBool()) return new Visit(0);
  return new Unique();
}

std::unique_ptr<const valijson::Schema> Compile(const nlohmann::json& schema,
                                                Parameters& parameters) {
  auto compiled = std::make_unique<valijson::Schema>();
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder(kVisitKeyword, new OwnBuilder(MakeVisit));
    parser.addConstraintBuilder(kListsKeyword, new OwnBuilder(MakeLists));
    parser.addConstraintBuilder(kPatternKeyword, new OwnBuilder(MakePattern));
    parser.addConstraintBuilder(kUniqueKeyword, new OwnBuilder(MakeUnique));
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), *compiled);
  } catch (const std::exception& error) {
    parameters.Violation("schema", fmt::format("got what is no JSON Schema ({})", error.what()));
  }
  return compiled;
}

enum class Verdict { kAccepted, kRejected, kTooMuchWork };

Verdict Validate(const valijson::Schema& schema, const nlohmann::json& value,
                 valijson::ValidationResults* results) {
  steps_left = kMaxSteps;
  try {
    valijson::Validator validator;
    const valijson::adapters::NlohmannJsonAdapter target(value);
    return validator.validate(schema, target, results) ? Verdict::kAccepted : Verdict::kRejected;
  } catch (const TooManySteps&) {
    return Verdict::kTooMuchWork;
  } catch (const std::exception&) {
    return Verdict::kRejected;
  }
}

class JsonSchema final : public Evaluator {
 public:
  JsonSchema(std::unique_ptr<const valijson::Schema> schema, bool fenced)
      : schema_(std::move(schema)), fenced_(fenced) {}

 private:
  Measured Measure(const Case& /*one*/, const Output& output) const override {
    if (!Work::Take(kWorkOfByte * static_cast<int64_t>(output.text.size()))) return TooMuchWork();
    const auto value = fenced_ ? ParseJsonAnswer(output.text) : ParseJson(output.text);
    if (!value) return Failed(fmt::format("{} is no JSON", QuotedBriefly(output.text)));
    switch (Validate(*schema_, *value, nullptr)) {
      case Verdict::kAccepted:
        return Score(1, "the schema accepts it");
      case Verdict::kRejected:
        return Score(0, "the schema rejects it: " + WhyRejected(*value));
      case Verdict::kTooMuchWork:
        break;
    }
    if (steps_left >= 0) return TooMuchWork();
    return Failed(fmt::format("the schema takes more than {} steps for it", kMaxSteps));
  }

  // The first complaint: looked for only where there is one, since it takes longer.
  std::string WhyRejected(const nlohmann::json& value) const {
    valijson::ValidationResults results;
    Validate(*schema_, value, &results);
    valijson::ValidationResults::Error error;
    if (!results.popError(error)) return "it is false for this value";
    std::string place;
    for (const std::string& part : error.context) place += part;
    return fmt::format("{}: {}", QuotedBriefly(place), error.description);
  }

  const std::unique_ptr<const valijson::Schema> schema_;
  const bool fenced_;
};

}  // namespace

MadeEvaluator MakeJsonSchema(Parameters& parameters) {
  const nlohmann::json schema = parameters.Value("schema");
  const bool fenced = parameters.Flag("fenced", false);
  if (!schema.is_object() || schema.empty()) {
    parameters.Violation("schema",
                         fmt::format("got {}, want an object with keywords", Brief(schema)));
  }
  RETURN_IF_ERROR(parameters.Check());
  ASSIGN_OR_RETURN(const nlohmann::json prepared, PrepareSchema(schema));
  auto compiled = Compile(prepared, parameters);
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<JsonSchema>(std::move(compiled), fenced);
}

}  // namespace flywheel::evalgate::evaluators
