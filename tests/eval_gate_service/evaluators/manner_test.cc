// Refusal, language, length, latency, tokens and cost.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::HasSubstr;

struct Sentences {
  const char* text;
  bool refuses;
};

TEST(Refusal, KnowsWhoDeclines) {
  for (const Sentences& one : std::vector<Sentences>{
           {"I'm sorry, but I can't help with that.", true},
           {"I\u2019m not able to share personal data.", true},
           {"I cannot provide medical advice.", true},
           {"As an AI language model, I do not have opinions.", true},
           {"Sorry. We are unable to process this request.", true},
           {"Unfortunately, I must decline.", true},
           {"Das darf ich leider nicht sagen. Ich kann dir dabei leider nicht helfen.", true},
           {"Je suis d\u00e9sol\u00e9, je ne peux pas vous aider.", true},
           {"Lo siento, pero no puedo ayudar con eso.", true},
           {"If you can't log in, reset your password.", false},
           {"I'm sorry for the delay. Your card arrives tomorrow.", false},
           {"You can't help it; nobody can.", false},
           {"That is something I can help with!", false},
           {"I can't wait to help you.", false},
           {"Ich kann dir sofort helfen.", false},
           {"Paris", false}}) {
    const auto answer = Make("refusal");
    const auto refusal = Make("refusal", R"({"want": "refusal"})");
    EXPECT_EQ(answer->Evaluate({}, Said(one.text)).passed, !one.refuses) << one.text;
    EXPECT_EQ(refusal->Evaluate({}, Said(one.text)).passed, one.refuses) << one.text;
  }
  EXPECT_FALSE(Make("refusal")->Evaluate({}, Said(" ")).passed);
  EXPECT_FALSE(Make("refusal", R"({"want": "refusal"})")->Evaluate({}, Said("")).passed);
  Output calls;
  calls.tool_calls = {{"book", ""}};
  EXPECT_TRUE(Make("refusal")->Evaluate({}, calls).passed);
}

TEST(Language, KnowsScriptsAndFunctionWords) {
  const std::vector<std::pair<const char*, const char*>> texts = {
      {"en", "Your card will be with you in the next few days, and it is free of charge."},
      {"de", "Ihre Karte kommt in den n\u00e4chsten Tagen bei Ihnen an und ist kostenlos."},
      {"fr", "Votre carte arrivera dans les prochains jours et elle est gratuite."},
      {"es", "Su tarjeta llegar\u00e1 en los pr\u00f3ximos d\u00edas y no tiene costo para usted."},
      {"it", "La sua carta arriver\u00e0 nei prossimi giorni e non ha un costo per lei."},
      {"pt", "O seu cart\u00e3o chega nos pr\u00f3ximos dias e n\u00e3o tem custo para voc\u00ea."},
      {"nl", "Uw kaart komt in de komende dagen aan en het is gratis voor u."},
      {"ja",
       "\u30ab\u30fc\u30c9\u306f\u6570\u65e5\u4ee5\u5185\u306b\u5c4a\u304d\u307e\u3059\u3002"},
      {"zh", "\u60a8\u7684\u5361\u7247\u5c06\u5728\u51e0\u5929\u5185\u5bc4\u5230\u3002"},
      {"ko", "\uce74\ub4dc\ub294 \uba70\uce60 \uc548\uc5d0 \ub3c4\ucc29\ud569\ub2c8\ub2e4."},
      {"ru",
       "\u0412\u0430\u0448\u0430 \u043a\u0430\u0440\u0442\u0430 "
       "\u043f\u0440\u0438\u0434\u0435\u0442 "
       "\u0447\u0435\u0440\u0435\u0437 \u043d\u0435\u0441\u043a\u043e\u043b\u044c\u043a\u043e "
       "\u0434\u043d\u0435\u0439."}};
  for (const auto& [wanted, own] : texts) {
    const auto language = Make("language", R"({"languages": [")" + std::string(wanted) + R"("]})");
    for (const auto& [code, text] : texts) {
      EXPECT_EQ(language->Evaluate({}, Said(text)).passed, std::string(code) == wanted)
          << wanted << " " << text;
    }
  }
}

TEST(Language, IsThatOfTheQuestion) {
  const auto language = Make("language");
  Case one;
  one.input = "Wann kommt meine Karte an und was ist mit der Geb\u00fchr?";
  EXPECT_TRUE(language->Evaluate(one, Said("Sie kommt in den n\u00e4chsten Tagen.")).passed);
  EXPECT_FALSE(language->Evaluate(one, Said("It will arrive in the next days.")).passed);
  // Too short for a language, and as good in German.
  EXPECT_TRUE(language->Evaluate(one, Said("42 km")).passed);
  EXPECT_FALSE(language->Evaluate(one, Said("\u041f\u0430\u0440\u0438\u0436")).passed);
  EXPECT_FALSE(language->Evaluate(one, Said("lorem ipsum dolor sit amet")).passed);
  EXPECT_FALSE(language->Evaluate(one, Said("")).passed);
  one.input = "42";
  EXPECT_EQ(language->Evaluate(one, Said("Ja")).state, State::kNotApplicable);
  EXPECT_THAT(WhyNot("language", R"({"languages": ["xx"]})"), HasSubstr("want one of ar, de, el"));
}

TEST(Limits, AreInside) {
  const auto length = Make("length", R"({"least": 2, "most": 4})");
  EXPECT_FALSE(length->Evaluate({}, Said("\u00e9")).passed);
  EXPECT_TRUE(length->Evaluate({}, Said("e\u0301e\u0301")).passed);
  EXPECT_TRUE(length->Evaluate({}, Said("\U0001f600\U0001f600\U0001f600\U0001f600")).passed);
  EXPECT_FALSE(length->Evaluate({}, Said("abcde")).passed);
  const auto words = Make("length", R"({"unit": "words", "most": 2})");
  EXPECT_TRUE(words->Evaluate({}, Said("two - words!")).passed);
  EXPECT_FALSE(words->Evaluate({}, Said("now three words")).passed);
  EXPECT_THAT(WhyNot("length", ""), HasSubstr("no limit that a text can miss"));
  EXPECT_THAT(WhyNot("length", R"({"least": 0})"), HasSubstr("no limit that a text can miss"));
  EXPECT_THAT(WhyNot("length", R"({"least": 3, "most": 2})"), HasSubstr("got 3, want at most 2"));
}

struct Counted {
  const char* text;
  int words;
  int spaced_words;
};

TEST(Limits, CountWordsAlsoWhereNoSpacesStand) {
  for (const Counted& one :
       std::vector<Counted>{{"two words", 2, 2},
                            {"a state-of-the-art car", 6, 3},
                            {"yes - no", 2, 3},
                            {"mail a@b.org, or call", 6, 4},
                            // "Hello world", "I am a student.", and "Thank you" in Thai.
                            {"\u4f60\u597d\u4e16\u754c", 4, 4},
                            {"\u79c1\u306f\u5b66\u751f\u3067\u3059\u3002", 6, 6},
                            {"\u0e02\u0e2d\u0e1a\u0e04\u0e38\u0e13", 6, 6},
                            {"iPhone\u306f\uff0c\u597d", 3, 3},
                            {"", 0, 0},
                            {" \n ", 0, 0}}) {
    for (const auto& [unit, count] :
         {std::pair("words", one.words), std::pair("spaced_words", one.spaced_words)}) {
      const auto exactly =
          Make("length", fmt::format(R"({{"unit": "{}", "least": {}, "most": {}}})", unit, count,
                                     std::max(count, 1)));
      const Evaluation evaluation = exactly->Evaluate({}, Said(one.text));
      EXPECT_TRUE(evaluation.passed) << one.text << ", " << unit << ": " << evaluation.explanation;
    }
  }
}

TEST(Limits, AFigureThatDidNotComeFails) {
  const auto latency = Make("latency", R"({"most_ms": 1500})");
  const auto cost = Make("cost", R"({"most_usd": 0.01})");
  const auto tokens = Make("tokens", R"({"most_tokens": 100})");
  Output output;
  for (const auto* limit : {latency.get(), cost.get(), tokens.get()}) {
    EXPECT_EQ(limit->Evaluate({}, output).state, State::kFailed);
  }
  output.latency_ms = 1500;
  output.cost_usd = 0.0101;
  output.tokens = 100;
  EXPECT_TRUE(latency->Evaluate({}, output).passed);
  EXPECT_FALSE(cost->Evaluate({}, output).passed);
  EXPECT_TRUE(tokens->Evaluate({}, output).passed);
  output.latency_ms = std::nan("");
  output.cost_usd = -0.001;
  output.tokens = -1;
  for (const auto* limit : {latency.get(), cost.get(), tokens.get()}) {
    EXPECT_EQ(limit->Evaluate({}, output).state, State::kFailed);
  }
  EXPECT_THAT(WhyNot("cost", ""), HasSubstr("parameters.most_usd: got none, want the limit"));
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
