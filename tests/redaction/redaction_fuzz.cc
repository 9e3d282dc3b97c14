// Redaction ends, twice is once, UTF-8 stays UTF-8, JSON stays JSON, and what is planted is gone.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "redaction/redactor.h"

namespace {

using flywheel::redaction::PiiDetector;
using flywheel::redaction::Redactor;

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
  const bool valid = nlohmann::json::accept(json);
  Redactor redactor(TheDetector());
  if (!redactor.RedactJson(json).ok()) return;
  Require(!valid || nlohmann::json::accept(json));
  std::string again = json;
  Redactor other(TheDetector());
  const auto changed = other.RedactJson(again);
  Require(changed.ok() && !*changed && again == json);
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
  RedactJson(input);
  const nlohmann::json json = {{"text", first},
                               {second, nlohmann::json::array({first, 4111111111111111})}};
  RedactJson(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return 0;
}
