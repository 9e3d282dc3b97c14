#include "redaction/tagger/tagger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redaction/redaction_config.h"
#include "redaction/redactor.h"
#include "redaction/tagger/model_bytes.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  WordReader reader(text);
  Word word;
  while (reader.Next(word)) words.push_back(text.substr(word.begin, word.end - word.begin));
  return words;
}

std::vector<Word> ReadAll(std::string_view text) {
  std::vector<Word> words;
  WordReader reader(text);
  Word word;
  while (reader.Next(word)) words.push_back(word);
  return words;
}

std::vector<TaggedSpan> Find(const std::string& text) {
  std::vector<TaggedSpan> spans;
  Tagger().Find(text, spans);
  return spans;
}

// The text with what a detector of this configuration found replaced.
std::string RedactedWith(const std::string& json, std::string text) {
  const auto config = ParseRedactionConfig(json);
  EXPECT_OK(config);
  const auto detector = PiiDetector::Make(*config);
  EXPECT_OK(detector);
  Redactor redactor(*detector);
  EXPECT_OK(redactor.Redact(text));
  return text;
}

TEST(WordReader, SplitsWordsNumbersAndMarks) {
  EXPECT_THAT(
      WordsOf("Ann's at 22b, O'Brien l'amie\nzoë."),
      ElementsAre("Ann", "'s", "at", "22b", ",", "O'Brien", "l'", "amie", "\n", "zoë", "."));
}

TEST(WordReader, TellsShapes) {
  const std::vector<Word> words = ReadAll("ann Ann ANN A McKay 22b B12 1234 Ödön Жанна");
  const Shape wanted[] = {
      Shape::kLower,      Shape::kCapital,
      Shape::kCapitals,   Shape::kInitial,
      Shape::kMixed,      Shape::kNumberWord,
      Shape::kWordNumber, static_cast<Shape>(static_cast<int>(Shape::kDigits1) + 3),
      Shape::kCapital,    Shape::kCapital};
  ASSERT_EQ(words.size(), std::size(wanted));
  for (size_t i = 0; i < words.size(); ++i) EXPECT_EQ(words[i].shape, wanted[i]) << i;
}

TEST(WordReader, FoldsTheCaseOfLettersWithMarks) {
  EXPECT_EQ(LowerHash("ÖDÖN"), LowerHash("ödön"));
  EXPECT_EQ(LowerHash("Жанна"), LowerHash("жанна"));
  EXPECT_NE(LowerHash("odon"), LowerHash("ödön"));
}

TEST(WordReader, KnowsIdentifiersPathsAndAddressesOfTheNet) {
  for (const char* text : {"userName", "user_name", "java.Util", "src/Anna", "@Anna", "Run(x)"}) {
    const std::vector<Word> words = ReadAll(text);
    EXPECT_TRUE(std::any_of(words.begin(), words.end(), [](const Word& w) { return w.technical; }))
        << text;
  }
  for (const char* text : {"Anna", "McKay", "Anna, Bert", "Anna."}) {
    for (const Word& word : ReadAll(text)) EXPECT_FALSE(word.technical) << text;
  }
}

TEST(TaggerModel, IsRefusedWhereItIsCutOrAnother) {
  const std::string bytes(ModelBytes());
  EXPECT_TRUE(TaggerModel::Read(bytes).has_value());
  EXPECT_FALSE(TaggerModel::Read(bytes.substr(0, bytes.size() - 1)).has_value());
  EXPECT_FALSE(TaggerModel::Read(bytes.substr(0, 20)).has_value());
  EXPECT_FALSE(TaggerModel::Read("").has_value());
  std::string other = bytes;
  other[0] = 'X';
  EXPECT_FALSE(TaggerModel::Read(other).has_value());
}

TEST(TaggerModel, IsSmall) { EXPECT_LT(ModelBytes().size(), 5U << 20); }

TEST(TaggerModel, KnowsWords) {
  const TaggerModel& model = TaggerModel::Builtin();
  EXPECT_NE(model.LexiconOf(LowerHash("Street")) & kStreetWord, 0U);
  EXPECT_NE(model.LexiconOf(LowerHash("GmbH")) & kCompanyWord, 0U);
  EXPECT_NE(model.LexiconOf(LowerHash("kettle")) & kOrdinary, 0U);
  EXPECT_EQ(model.LexiconOf(LowerHash("xqzzvk")), 0U);
}

TEST(Tagger, FindsNamesThatNothingIntroduces) {
  const std::string text = "We asked Zebulon Pikeworth about the invoice.";
  const std::vector<TaggedSpan> spans = Find(text);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(text.substr(spans[0].begin, spans[0].end - spans[0].begin), "Zebulon Pikeworth");
  EXPECT_EQ(kTaggedTypes[spans[0].type], DataType::kName);
  EXPECT_GT(spans[0].confidence, 0.5F);
  EXPECT_LE(spans[0].confidence, 1.0F);
}

TEST(Tagger, SaysTheSameEachTime) {
  const std::string text = "Please send it to Maria Kowalczyk, 4 Elm Grove, Leeds LS1 4AB.";
  const std::vector<TaggedSpan> once = Find(text);
  ASSERT_FALSE(once.empty());
  for (int i = 0; i < 10; ++i) {
    const std::vector<TaggedSpan> again = Find(text);
    ASSERT_EQ(again.size(), once.size());
    EXPECT_EQ(again[0].confidence, once[0].confidence);
  }
}

TEST(Tagger, LeavesOrdinaryTextAlone) {
  for (const char* text :
       {"My card has not arrived and the exchange rate is wrong.",
        "Rolling Stock Shortage Hits Northern Commuters",
        "Open Settings > Privacy > Reset Password.",
        "Die Rechnung für den Drucker und die Lieferung fehlen noch.",
        "{\"first_key\": 12, \"Another Key\": true}", "std::vector<Word> words = ReadAll(text);",
        "WHERE IS MY ORDER? I NEED IT TODAY", "The HTTP API returns JSON since Tuesday."}) {
    for (const TaggedSpan& span : Find(text)) {
      EXPECT_TRUE(span.type > 1 || span.confidence < *TaggerThresholds().least[span.type]) << text;
    }
  }
}

TEST(Tagger, TakesHostileTextInLinearTime) {
  // Each would take minutes if a word were decided more than a few times.
  const std::string pieces[] = {"Ann ", "4 ",     "A",    "\n", "Ann\n", ". ",
                                "\"",   "4 Elm ", "\xC3", "'s", "''"};
  for (const std::string& piece : pieces) {
    std::string text;
    while (text.size() < 300'000) text += piece;
    for (const TaggedSpan& span : Find(text)) {
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, text.size());
    }
  }
  EXPECT_THAT(Find(""), IsEmpty());
}

TEST(TaggerThresholds, AreConfigured) {
  const std::string text = "We asked Zebulon Pikeworth about the invoice.";
  EXPECT_EQ(RedactedWith("{}", text), "We asked [NAME_1] about the invoice.");
  EXPECT_EQ(RedactedWith(R"({"tagger": "off"})", text), text);
  EXPECT_EQ(RedactedWith(R"({"tagger": {"NAME": "off"}})", text), text);
  EXPECT_EQ(RedactedWith(R"({"tagger": {"NAME": 1}})", text), text);
  EXPECT_EQ(RedactedWith(R"({"tagger": {"NAME": 0.5, "ADDRESS": "off"}})", text),
            "We asked [NAME_1] about the invoice.");
  // Off unless somebody asks for it.
  const std::string place = "She moved from Madrid to Berlin on 4 May 2021.";
  EXPECT_EQ(RedactedWith("{}", place), place);
  EXPECT_NE(RedactedWith(R"({"tagger": {"PLACE": 0.3, "DATE": 0.3}})", place), place);
}

TEST(TaggerThresholds, RefuseWhatMeansNothing) {
  for (const char* json :
       {R"({"tagger": {"COLOUR": 0.9}})", R"({"tagger": {"NAME": 2}})",
        R"({"tagger": {"NAME": "maybe"}})", R"({"tagger": 3})", R"({"tagger": {"NAME": true}})"}) {
    EXPECT_FALSE(ParseRedactionConfig(json).ok()) << json;
  }
}

TEST(PiiDetector, JoinsWhatRulesAndTaggerFindOfOneName) {
  EXPECT_EQ(RedactedWith("{}", "We met Dr. Zebulon Pikeworth yesterday."),
            "We met Dr. [NAME_1] yesterday.");
}

TEST(PiiDetector, NeverTagsPlaceholders) {
  const std::string text = "We asked [NAME_1] and [EMAIL_2] about [ADDRESS_3].";
  EXPECT_EQ(RedactedWith("{}", text), text);
}

// What the guards of a whole run pass over, those of a span would refuse.
TEST(Tagger, FindsTheSameNamesAndAddressesWhereOnlyThoseAreWanted) {
  const Tagger tagger;
  size_t found = 0;
  for (const char* text :
       {"Ask Zebulon Pike about it.", "My parcel was to come on Friday, and the app is slow.",
        "Die Rückerstattung dauert in der Regel drei Werktage.", "ANNA KELLER SAYS NO TO ACME GMBH",
        "Send it to Elm Road 4, 12345 Springfield, please.", "Van der Berg wrote to Acme Inc.",
        "Flat 3, 22b Tanner Street, London SE1 3LD", "In Paris, on 3 May 2019, Intel met Bosch."}) {
    const auto personal = [](const TaggedSpan& span) {
      const DataType type = kTaggedTypes[span.type];
      return type == DataType::kName || type == DataType::kAddress;
    };
    std::vector<TaggedSpan> all, wanted;
    tagger.Find(text, all);
    tagger.Find(text, wanted, Wanted::kNamesAndAddresses);
    std::erase_if(all, [&](const TaggedSpan& span) { return !personal(span); });
    std::erase_if(wanted, [&](const TaggedSpan& span) { return !personal(span); });
    ASSERT_EQ(all.size(), wanted.size()) << text;
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i].begin, wanted[i].begin) << text;
      EXPECT_EQ(all[i].end, wanted[i].end) << text;
      EXPECT_EQ(all[i].confidence, wanted[i].confidence) << text;
    }
    found += all.size();
  }
  EXPECT_GT(found, 3U);
}

}  // namespace
}  // namespace flywheel::redaction
