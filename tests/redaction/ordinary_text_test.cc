// Data that has the form of personal data and is none keeps every byte; what says that it is
// personal does not.
#include "tests/redaction/ordinary_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "redaction/redactor.h"
#include "shared/testing/status_matchers.h"
#include "tests/redaction/sample_values.h"

namespace flywheel::redaction {
namespace {

const PiiDetector& TheDetector() {
  static const auto& detector = *new PiiDetector(PiiDetector::Make({}).value());
  return detector;
}

std::string Redacted(std::string text) {
  Redactor redactor(TheDetector());
  EXPECT_OK(redactor.Redact(text));
  return text;
}

std::string RedactedJson(std::string json) {
  Redactor redactor(TheDetector());
  EXPECT_OK(redactor.RedactJson(json));
  return json;
}

// Which rows of the table found something, for messages.
std::string Finders(const std::string& text) {
  std::vector<Finding> findings;
  TheDetector().Find(text, findings);
  std::string names;
  for (const Finding& finding : findings) {
    names += fmt::format("{}: '{}' ", TheDetector().recogniser(finding.recogniser).name,
                         text.substr(finding.begin, finding.end - finding.begin));
  }
  return names;
}

// In how many of 1,000 texts of this shape, each in a sentence that says nothing, is anything
// found?
int Found(const std::string& shape) {
  Random random(11);
  std::vector<Finding> findings;
  int found = 0;
  for (int i = 0; i < 1000; ++i) {
    TheDetector().Find("saw " + Fill(shape, random) + " and went on", findings);
    found += findings.empty() ? 0 : 1;
  }
  return found;
}

TEST(OrdinaryText, KeepsEveryByte) {
  ASSERT_GE(OrdinaryTexts().size() + OrdinaryJson().size(), 200u);
  for (const std::string& text : OrdinaryTexts()) {
    EXPECT_EQ(Redacted(text), text) << Finders(text);
    const std::string inside = "The result is: " + text + "\nand that is all.";
    EXPECT_EQ(Redacted(inside), inside) << Finders(inside);
    const std::string json = nlohmann::json({{"result", {text}}, {"ok", true}}).dump();
    EXPECT_EQ(RedactedJson(json), json) << Finders(json);
  }
  for (const std::string& json : OrdinaryJson()) {
    EXPECT_EQ(RedactedJson(json), json) << Finders(json);
    EXPECT_EQ(Redacted(json), json) << Finders(json);
  }
}

TEST(OrdinaryText, KeepsRandomNumbersIdsAndHashes) {
  const char* shapes[] = {
      "0.###, 0.###, 0.###, 0.###",
      "##.###, ##.###",
      "##.####, -##.####",
      "[##.######, ##.######]",
      "-#.##### -##.#####",
      "+##.#### and +#.#######",
      "4## ### ####",
      "4## ## ####",
      "6#### #####",
      "1### #### ####",
      "##############",
      "###############",
      "################",
      "###################",
      "400638#######",
      "978316#######",
      "%%%%%%%%-%%%%-4%%%-a%%%-%%%%%%%%%%%%",
      "de8%%%%%-ad##-4%%%-be##-%%%%%%%%%%%%",
      "%%%%%%%%%%%%%%%%",
      "%%%%%%%",
      "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%",
      "%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#:%#",
      "###.#.###",
      "Chrome/1##.0.0.0",
      "202405##-####",
      "2024-05-1# 1#:##",
      "#W#######",
      "^^^##^",
      "^^####",
      "credit_card_#######",
      "id=##########",
      "0x%%%%%%%%%%%%",
      "#.##e-##",
      "M ##.### ##.### L ##.### ##.### Z",
      "bbox ##.###, ##.###, ##.###, ##.###",
      "$##.### / $##.###",
  };
  for (const char* shape : shapes) EXPECT_EQ(Found(shape), 0) << shape;
}

TEST(OrdinaryText, GivesWayToAWordThatSaysWhatItIs) {
  const struct {
    const char* text;
    const char* redacted;
  } examples[] = {
      {"my gps says 52.5200, 13.4050 now", "my gps says [LOCATION_1] now"},
      {"GPS: 52.520008,13.404954", "GPS: [LOCATION_1]"},
      {"coordinates (52.5200, 13.4050)", "coordinates ([LOCATION_1])"},
      {"coordinates of my house are 52.5200, 13.4050", "coordinates of my house are [LOCATION_1]"},
      {"meine Koordinaten sind 52.5200, 13.4050", "meine Koordinaten sind [LOCATION_1]"},
      {"mes coordonnées : 48.8566, 2.3522", "mes coordonnées : [LOCATION_1]"},
      {"mis coordenadas son 40.4168, -3.7038", "mis coordenadas son [LOCATION_1]"},
      {"le mie coordinate sono 41.9028, 12.4964", "le mie coordinate sono [LOCATION_1]"},
      {"mijn coördinaten zijn 52.3676, 4.9041", "mijn coördinaten zijn [LOCATION_1]"},
      {"my location is 52.5200, 13.4050", "my location is [LOCATION_1]"},
      {"Standort: 52.5200, 13.4050", "Standort: [LOCATION_1]"},
      {"mi ubicación es 40.4168, -3.7038", "mi ubicación es [LOCATION_1]"},
      {"Location (lat, long): 52.5200, 13.4050", "Location (lat, long): [LOCATION_1]"},
      {"lat/lng 52.5200,13.4050", "lat/lng [LOCATION_1]"},
      {"lat 52.5200 lon 13.4050", "lat [LOCATION_1] lon [LOCATION_2]"},
      {"latitude 52.5200", "latitude [LOCATION_1]"},
      {"我的坐标 39.9042, 116.4074", "我的坐标 [LOCATION_1]"},
      {"52.5200, 13.4050 are my coordinates", "[LOCATION_1] are my coordinates"},
      {"I am at 40.7128° N, 74.0060° W", "I am at [LOCATION_1]"},
      {"meet at 48°51'24\"N 2°21'03\"E", "meet at [LOCATION_1]"},
      {"stay at 52.5200N 13.4050E please", "stay at [LOCATION_1] please"},
      {"recorded at +37.3318-122.0312+010.0/ by a phone", "recorded at [LOCATION_1]/ by a phone"},
      {"<geo:52.5200,13.4050;u=35>", "<geo:[LOCATION_1];u=35>"},
      {"https://www.google.com/maps/@52.5200,13.4050,15z",
       "https://www.google.com/maps/@[LOCATION_1],15z"},
      {"card 4539578763621486", "card [CARD_1]"},
      {"4539578763621486 is my visa", "[CARD_1] is my visa"},
      {"4539 5787 6362 1486 12/27", "[CARD_1] 12/27"},
      {"le 06 12 34 56 78 18h", "le [PHONE_1] 18h"},
      {"sur mon portable 0612345678", "sur mon portable [PHONE_1]"},
      {"mein Handy: 015123456789", "mein Handy: [PHONE_1]"},
      {"call me back at 4155550132", "call me back at [PHONE_1]"},
      {"+1-604-696-5272x565", "[PHONE_1]"},
      {"(898)666-3621x0135 or (898) 666-3621 ext. 12", "[PHONE_1] or [PHONE_2]"},
      {"phone +1.7035550199", "phone [PHONE_1]"},
      {"my ssn 123 45 6789", "my ssn [NATIONAL_ID_1]"},
  };
  for (const auto& example : examples) {
    EXPECT_EQ(Redacted(example.text), example.redacted) << Finders(example.text);
  }
}

TEST(OrdinaryText, GivesWayToAKeyThatSaysWhatItIs) {
  const struct {
    const char* json;
    const char* redacted;
  } examples[] = {
      {R"({"coordinates": [13.405, 52.52], "scores": [12.3456, 45.6789]})",
       R"({"coordinates": ["[LOCATION_1]", "[LOCATION_2]"], "scores": [12.3456, 45.6789]})"},
      {R"({"type": "LineString", "coordinates": [[13.4050, 52.5200], [13.4061, 52.5213, 34.5]]})",
       R"({"type": "LineString", "coordinates": [["[LOCATION_1]", "[LOCATION_2]"], )"
       R"(["[LOCATION_3]", "[LOCATION_4]", 34.5]]})"},
      {R"({"coordinates": [[[13.40501, 52.52001], [13.40612, 52.52134], [13.40501, 52.52001]]]})",
       R"({"coordinates": [[["[LOCATION_1]", "[LOCATION_2]"], ["[LOCATION_3]", "[LOCATION_4]"], )"
       R"(["[LOCATION_1]", "[LOCATION_2]"]]]})"},
      {R"({"lat": 52.5200, "lng": 13.4050})", R"({"lat": "[LOCATION_1]", "lng": "[LOCATION_2]"})"},
      {R"({"latitude":"52.5200","longitude":"13.4050"})",
       R"({"latitude":"[LOCATION_1]","longitude":"[LOCATION_2]"})"},
      {R"({"location": "52.5200,13.4050"})", R"({"location": "[LOCATION_1]"})"},
      {R"({"userLocation": [52.5200, 13.4050]})",
       R"({"userLocation": ["[LOCATION_1]", "[LOCATION_2]"]})"},
      {R"({"gps": "52.5200 13.4050"})", R"({"gps": "[LOCATION_1]"})"},
      {R"({"phone": "4155550132", "order_id": "6942297802"})",
       R"({"phone": "[PHONE_1]", "order_id": "6942297802"})"},
      {R"({"phone_numbers": ["4155550132", "4155550133"], "ids": ["6942297802"]})",
       R"({"phone_numbers": ["[PHONE_1]", "[PHONE_2]"], "ids": ["6942297802"]})"},
      {R"({"portable": "0612345678"})", R"({"portable": "[PHONE_1]"})"},
      {R"({"pan": "4539578763621486", "id": "4532015112830366"})",
       R"({"pan": "[CARD_1]", "id": "4532015112830366"})"},
      {R"({"ssn": "536221847", "order": 536221848})",
       R"({"ssn": "[NATIONAL_ID_1]", "order": 536221848})"},
      {R"({"note": "4539578763621486 is my visa"})", R"({"note": "[CARD_1] is my visa"})"},
      {R"({"type": "ssn", "value": "536221847"})",
       R"({"type": "ssn", "value": "[NATIONAL_ID_1]"})"},
  };
  for (const auto& example : examples) {
    EXPECT_EQ(RedactedJson(example.json), example.redacted) << Finders(example.json);
  }
}

TEST(OrdinaryText, EndsOnATrackOfThousandsOfPositions) {
  std::string json = R"({"coordinates": [)";
  for (int i = 0; i < 5000; ++i) json += fmt::format("[13.{:05}, 52.{:05}],", 10001 + i, 20001 + i);
  json.back() = ']';
  json += "}";
  const std::string redacted = RedactedJson(json);
  EXPECT_EQ(redacted.find("13."), std::string::npos);
  EXPECT_EQ(redacted.find("52."), std::string::npos);
}

}  // namespace
}  // namespace flywheel::redaction
