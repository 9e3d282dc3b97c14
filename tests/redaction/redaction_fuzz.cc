// Redaction ends, twice is once, UTF-8 stays UTF-8, JSON stays JSON, and what is planted is gone.
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/conversation/conversation_redactor.h"
#include "redaction/redactor.h"

namespace {

using flywheel::redaction::ConversationRedactor;
using flywheel::redaction::DataType;
using flywheel::redaction::PiiDetector;
using flywheel::redaction::Redactor;
using flywheel::redaction::Speaker;

const PiiDetector& TheDetector() {
  static const auto& detector = *new PiiDetector(*PiiDetector::Make({}));
  return detector;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

bool IsUtf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

// The library takes a zero for the end of the text.
bool IsJson(const std::string& text) {
  return text.find('\0') == std::string::npos && nlohmann::json::accept(text);
}

// Refusing is an answer; a caller stores nothing then.
bool Redact(std::string& text) {
  Redactor redactor(TheDetector());
  const bool utf8 = IsUtf8(text);
  if (!redactor.Redact(text).ok()) return false;
  Require(!utf8 || IsUtf8(text));
  std::string again = text;
  Redactor other(TheDetector());
  const auto changed = other.Redact(again);
  Require(changed.ok() && !*changed && again == text);
  return true;
}

void RedactJson(std::string json) {
  const bool valid = IsJson(json);
  Redactor redactor(TheDetector());
  if (!redactor.RedactJson(json).ok()) return;
  Require(!valid || IsJson(json));
  std::string again = json;
  Redactor other(TheDetector());
  const auto changed = other.RedactJson(again);
  Require(changed.ok() && !*changed && again == json);
}

// One pass over a conversation; false where it refuses.
bool RedactConversation(std::vector<std::string>& texts) {
  ConversationRedactor redactor(TheDetector());
  redactor.Know(DataType::kUserId, "zeb_pike_3668");
  for (size_t i = 0; i < texts.size(); ++i) {
    redactor.Add(i % 2 == 0 ? Speaker::kAgent : Speaker::kUser, &texts[i]);
  }
  return redactor.Finish().ok();
}

// What one text tells is gone from the others, and twice is once.
void RedactConversation(const std::string& first, const std::string& second) {
  const std::string texts[] = {"Could I have your full name, please?",
                               "Zebulon Pikeworth",
                               first + " zebulon pikeworth " + second,
                               second + " zeb_pike_3668 " + first,
                               first,
                               second,
                               R"({"first_name": "Zebulon", "zip": "92125"})"};
  std::vector<std::string> said(std::begin(texts), std::end(texts));
  std::vector<bool> utf8, json;
  for (const std::string& text : said) {
    utf8.push_back(IsUtf8(text));
    // A number alone is a text like any other: "92125".
    const size_t begin = text.find_first_of("{[\"0123456789-tfn");
    json.push_back(IsJson(text) &&
                   std::string_view("{[\"").find(text[begin]) != std::string_view::npos);
  }
  if (!RedactConversation(said)) return;
  Require(said[1] == "[NAME_1]" || first.find('[') != std::string::npos ||
          second.find('[') != std::string::npos);
  for (size_t i = 0; i < said.size(); ++i) {
    Require(!utf8[i] || IsUtf8(said[i]));
    Require(!json[i] || IsJson(said[i]));
  }
  std::vector<std::string> again = said;
  Require(RedactConversation(again) && again == said);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  std::string text = input;
  Redact(text);
  const std::string first = input.substr(0, size / 2), second = input.substr(size / 2);
  // Announced, for what stands before and behind a card in groups may make it an order or a row.
  text = first + " jane.doe@example.com " + second + " card 4111 1111 1111 1111 " + first;
  // What the input holds of it may be part of a longer token, and stays.
  const bool brings_it =
      input.find("4111 1111") != std::string::npos || input.find("jane.doe@") != std::string::npos;
  if (Redact(text) && !brings_it) {
    Require(text.find("jane.doe@example.com") == std::string::npos);
    Require(text.find("4111 1111 1111 1111") == std::string::npos);
  }
  RedactConversation(first, second);
  RedactJson(input);
  const nlohmann::json json = {{"text", first},
                               {second, nlohmann::json::array({first, 4111111111111111})}};
  RedactJson(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return 0;
}
