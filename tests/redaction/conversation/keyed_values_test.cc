// What a JSON key says about its value.
#include "redaction/conversation/keyed_values.h"

#include <gtest/gtest.h>

#include <string>

#include "redaction/redactor.h"
#include "tests/redaction/conversation/dialogue.h"

namespace flywheel::redaction {
namespace {

std::string Redacted(std::string json) {
  Redactor redactor(TheDetector());
  EXPECT_OK(redactor.RedactJson(json));
  return json;
}

TEST(KeyedValues, AKeySaysWhatItsValueIs) {
  const std::pair<const char*, const char*> values[] = {
      {R"("first_name": "Zebulon")", "NAME"},
      {R"("lastName": "Pikeworth")", "NAME"},
      {R"("full-name": "zebulon pike")", "NAME"},
      {R"("customer": "Zebulon Pikeworth")", "NAME"},
      {R"("cardholder": "Z PIKEWORTH")", "NAME"},
      {R"("passengerName": "Zebulon Pikeworth")", "NAME"},
      {R"("zip": "92125")", "ADDRESS"},
      {R"("zip_code": 92125)", "ADDRESS"},
      {R"("billing_postcode": "SW1A 1AA")", "ADDRESS"},
      {R"("plz": "80331")", "ADDRESS"},
      {R"("address": "763 Broadway")", "ADDRESS"},
      {R"("address1": "763 Broadway")", "ADDRESS"},
      {R"("street": "Elm Grove")", "ADDRESS"},
      {R"("dob": "1987-04-03")", "BIRTH_DATE"},
      {R"("birthdate": "03/04/87")", "BIRTH_DATE"},
      {R"("mobile": "2025550147")", "PHONE"},
      {R"("tel": "0171 5550147")", "PHONE"},
      {R"("email": "zeb at example dot com")", "EMAIL"},
      {R"("ssn": "536221847")", "NATIONAL_ID"},
      {R"("tax_id": "44719203811")", "NATIONAL_ID"},
      {R"("passport": "X4471920")", "PASSPORT"},
      {R"("license": "D123-4567-8901")", "DRIVER_LICENSE"},
      {R"("user_id": "zeb_pike_3668")", "USER_ID"},
      {R"("customerId": "c-4471")", "USER_ID"},
      {R"("username": "zebpike")", "USER_ID"},
      {R"("handle": "zebpike")", "USER_ID"},
  };
  for (const auto& [pair, label] : values) {
    const std::string json = std::string("{") + pair + "}";
    const std::string key = json.substr(0, json.find(": ") + 2);
    EXPECT_EQ(Redacted(json), key + "\"[" + label + "_1]\"}");
  }
}

TEST(KeyedValues, ListsAndObjectsHandTheirKeyOn) {
  EXPECT_EQ(Redacted(R"({"passengers": ["Ann Lee", "Bob Ray"]})"),
            R"({"passengers": ["[NAME_1]", "[NAME_2]"]})");
  EXPECT_EQ(Redacted(R"({"name": {"first": "Ann", "last": "Lee"}})"),
            R"({"name": {"first": "[NAME_1]", "last": "[NAME_2]"}})");
  EXPECT_EQ(Redacted(R"({"address": {"city": "Denver", "unit": "4B"}, "city": "Boston"})"),
            R"({"address": {"city": "[ADDRESS_1]", "unit": "[ADDRESS_2]"}, "city": "Boston"})");
  EXPECT_EQ(Redacted(R"({"answer": "{\"first_name\": \"Zebulon\"}"})"),
            R"({"answer": "{\"first_name\": \"[NAME_1]\"}"})");
}

TEST(KeyedValues, PiecesOfJsonInsideATextCount) {
  EXPECT_EQ(Dialogue().Tool(R"(The tool said {"zip": "92125", "n": 3}. Don't ask.)").Redact()[0],
            R"(The tool said {"zip": "[ADDRESS_1]", "n": 3}. Don't ask.)");
  EXPECT_EQ(Dialogue().Tool(R"(got {'first_name': 'Zebulon', 'zip': 92125})").Redact()[0],
            R"(got {'first_name': '[NAME_1]', 'zip': "[ADDRESS_1]"})");
}

TEST(KeyedValues, WhatIsNoPersonsStays) {
  const char* texts[] = {
      R"({"name": "get_order", "arguments": {}})",
      R"({"name": "Water Bottle", "price": 12.5})",
      R"({"name": "Ann Taylor Dress", "sku": "A-12"})",
      R"({"name": "name", "type": "string"})",
      R"({"city": "Denver", "airport": "DEN"})",
      R"({"zip": "backup.zip"})",
      R"({"reservation_id": "HXDUBJ", "payment_id": "credit_card_1234567"})",
      R"({"date": "2024-05-20", "price": 92125, "total": "121"})",
      R"({"first_name": null, "last_name": "", "zip": "n/a"})",
      R"({"address": "https://example.org/a", "license": "MIT"})",
      R"({"first": 1, "last": "page", "username": {"type": "string"}})",
      R"({"customer": "Acme Corp", "user": "root"})",
      R"({"properties": {"first_name": {"type": "string", "description": "The name"}}})",
  };
  for (const std::string text : texts) EXPECT_EQ(Redacted(text), text);
}

}  // namespace
}  // namespace flywheel::redaction
