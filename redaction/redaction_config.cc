#include "redaction/redaction_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "redaction/checks.h"
#include "shared/files/files.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

// A placeholder has at most 64 bytes, its number included.
constexpr size_t kMaxName = 32;
constexpr size_t kMaxPattern = 1000;

absl::Status Invalid(const std::string& where, const std::string& got, const std::string& want) {
  return errors::InvalidConfiguration("redaction configuration: " + where, got, want);
}

// Reads a list of strings, each checked by `is_valid`, into `texts`. An absent list is empty.
template <typename IsValid>
absl::Status ReadTexts(const nlohmann::json& json, const char* field, const std::string& where,
                       const std::string& want, IsValid is_valid, std::vector<std::string>& texts) {
  const auto found = json.find(field);
  if (found == json.end()) return absl::OkStatus();
  const std::string name = where + "." + field;
  if (!found->is_array()) return Invalid(name, found->dump(), "a list of texts");
  for (const nlohmann::json& item : *found) {
    if (!item.is_string() || !is_valid(item.get_ref<const std::string&>())) {
      return Invalid(name, item.dump(), want);
    }
    texts.push_back(item.get<std::string>());
  }
  return absl::OkStatus();
}

std::string Join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined.append(joined.empty() ? "" : "|").append(text);
  return joined;
}

bool IsName(const std::string& text) {
  return !text.empty() && text.size() <= kMaxName && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool IsLetter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }

bool IsWord(const std::string& text) {
  const auto letter = std::find_if(text.begin(), text.end(), IsLetter);
  return text.end() - letter >= 3 && text.find('|') == std::string::npos;
}

bool IsContext(const std::string& text) {
  return !text.empty() && text.find('|') == std::string::npos;
}

absl::Status ReadRecogniser(const nlohmann::json& json, std::string where, Recogniser& recogniser) {
  // A field that is misspelt would be left out in silence: refuse it.
  if (!json.is_object()) return Invalid(where, json.dump(), "an object");
  for (const auto& [key, value] : json.items()) {
    constexpr const char* kFields[] = {"name", "pattern", "words", "context", "check"};
    if (std::find(std::begin(kFields), std::end(kFields), key) == std::end(kFields)) {
      return Invalid(where, "the field '" + key + "'", "name, pattern, words, context or check");
    }
    const bool list = key == "words" || key == "context";
    if (!list && !value.is_string())
      return Invalid(fmt::format("{}.{}", where, key), value.dump(), "a text");
  }
  recogniser.name = json.value("name", "");
  if (!IsName(recogniser.name)) {
    return Invalid(where + ".name", "'" + recogniser.name + "'",
                   "1 to 32 lower-case letters, digits or '_', a letter first");
  }
  // From here on messages name it, and not its place in the list.
  where = "recogniser '" + recogniser.name + "'";
  recogniser.label = recogniser.name;
  std::transform(recogniser.label.begin(), recogniser.label.end(), recogniser.label.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  // Whether it is a pattern of RE2 is found when the detector is made.
  recogniser.pattern = json.value("pattern", "");
  if (recogniser.pattern.empty() || recogniser.pattern.size() > kMaxPattern) {
    return Invalid(where + ".pattern", fmt::format("{} characters", recogniser.pattern.size()),
                   fmt::format("1 to {}", kMaxPattern));
  }
  if (const std::string check = json.value("check", ""); !check.empty()) {
    recogniser.check = FindCheck(check);
    if (recogniser.check == nullptr) {
      return Invalid(where + ".check", "'" + check + "'", "one of " + CheckNames());
    }
  }
  // Words tell where to try; without them it is tried at every number.
  std::vector<std::string> words, context;
  RETURN_IF_ERROR(ReadTexts(json, "words", where,
                            "at least 3 bytes from the first letter of ASCII on, and no '|'",
                            IsWord, words));
  RETURN_IF_ERROR(ReadTexts(json, "context", where, "a text that is not empty, without '|'",
                            IsContext, context));
  recogniser.trigger.kind = words.empty() ? TriggerKind::kDigits : TriggerKind::kWord;
  recogniser.trigger.words = Join(words);
  recogniser.context = Join(context);
  return absl::OkStatus();
}

// "off", or thresholds by the name of a type.
absl::Status ReadTagger(const nlohmann::json& json, TaggerThresholds& tagger) {
  if (json == "off" || json == "on") {
    tagger.on = json == "on";
    return absl::OkStatus();
  }
  if (!json.is_object()) return Invalid("tagger", json.dump(), "\"off\", \"on\" or an object");
  for (const auto& item : json.items()) {
    // A lambda takes names, not bindings.
    const std::string& key = item.key();
    const nlohmann::json& value = item.value();
    const auto type = std::find_if(kTaggedTypes.begin(), kTaggedTypes.end(),
                                   [&](DataType known) { return DataTypeName(known) == key; });
    if (type == kTaggedTypes.end()) {
      return Invalid("tagger", "the type '" + key + "'",
                     "NAME, ADDRESS, ORGANISATION, PLACE, DATE or AGE");
    }
    const auto place = static_cast<size_t>(type - kTaggedTypes.begin());
    const bool measure = value.is_number() && value >= 0 && value <= 1;
    if (measure) {
      tagger.least[place] = value.get<float>();
    } else if (value == "off") {
      tagger.least[place] = std::nullopt;
    } else if (value == "on") {
      tagger.least[place] = kUsualThresholds[place];
    } else {
      return Invalid("tagger." + key, value.dump(), "a number from 0 to 1, \"on\" or \"off\"");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RedactionConfig> ParseRedactionConfig(std::string_view json) {
  // Parse, and say the line, for these files are written by hand.
  nlohmann::json document;
  try {
    document = nlohmann::json::parse(json);
  } catch (const nlohmann::json::parse_error& error) {
    const auto line =
        1 + std::count(json.begin(), json.begin() + std::min(error.byte, json.size()), '\n');
    return Invalid(fmt::format("line {}", line), "what is no JSON", "an object");
  }
  if (!document.is_object()) return Invalid("line 1", "no object", "an object");
  for (const auto& [key, value] : document.items()) {
    if (key != "disabled" && key != "recognisers" && key != "tagger") {
      return Invalid("top", "the field '" + key + "'", "disabled, recognisers or tagger");
    }
  }
  // What is disabled has to exist: "ipv5" would leave IPv4 on.
  RedactionConfig config;
  const auto builtin = BuiltinRecognisers();
  const auto is_builtin = [&](const std::string& name) {
    return std::any_of(builtin.begin(), builtin.end(),
                       [&](const Recogniser& known) { return known.name == name; });
  };
  RETURN_IF_ERROR(ReadTexts(document, "disabled", "top", "the name of a built-in recogniser",
                            is_builtin, config.disabled));
  if (const auto tagger = document.find("tagger"); tagger != document.end()) {
    RETURN_IF_ERROR(ReadTagger(*tagger, config.tagger));
  }
  // Then the operator's own rows.
  const nlohmann::json list = document.value("recognisers", nlohmann::json::array());
  if (!list.is_array()) return Invalid("recognisers", list.dump(), "a list");
  for (size_t i = 0; i < list.size(); ++i) {
    Recogniser recogniser;
    RETURN_IF_ERROR(ReadRecogniser(list[i], fmt::format("recognisers[{}]", i), recogniser));
    config.recognisers.push_back(std::move(recogniser));
  }
  return config;
}

absl::StatusOr<RedactionConfig> ReadRedactionConfig(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) return Invalid("'" + path + "'", "no readable file", "one");
  return ParseRedactionConfig(*text);
}

}  // namespace flywheel::redaction
