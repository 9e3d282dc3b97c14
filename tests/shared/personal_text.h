// A text with personal data, and the search for it in the files of a store.
#ifndef FLYWHEEL_TESTS_SHARED_PERSONAL_TEXT_H_
#define FLYWHEEL_TESTS_SHARED_PERSONAL_TEXT_H_

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace flywheel::testing {

inline constexpr char kPersonalText[] =
    "Write to pike.z@example.com about card 4111 1111 1111 1111, my name is Zebulon Pike.";

// What of it must not be kept.
inline constexpr const char* kPersonalValues[] = {"pike.z@", "4111 1111", "Zebulon"};

// All bytes of the files in a directory and below: databases, logs and what else lies there.
inline std::string BytesBelow(const std::string& directory) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

// Nothing of kPersonalText lies there, but something does: `known` was stored beside it.
inline void ExpectNothingPersonalBelow(const std::string& directory, const std::string& known) {
  const std::string bytes = BytesBelow(directory);
  EXPECT_NE(bytes.find(known), std::string::npos) << "nothing was stored";
  for (const char* value : kPersonalValues) {
    EXPECT_EQ(bytes.find(value), std::string::npos) << value;
  }
}

// kPersonalText as it is kept.
MATCHER(IsRedactedText, "has a placeholder for each value, and none of them") {
  const std::string& text = arg;
  for (const char* value : kPersonalValues) {
    if (text.find(value) != std::string::npos) return false;
  }
  for (const char* placeholder : {"Write to [EMAIL_1]", "card [CARD_1]", "[NAME_1]"}) {
    if (text.find(placeholder) == std::string::npos) return false;
  }
  return true;
}

}  // namespace flywheel::testing

#endif  // FLYWHEEL_TESTS_SHARED_PERSONAL_TEXT_H_
