#include "shared/text/unicode_form.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "shared/text/name_key.h"

namespace flywheel {
namespace {

constexpr int kNfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
constexpr int kSeen = kNfc | UTF8PROC_COMPAT | UTF8PROC_IGNORE;
constexpr int kForms[] = {kNfc, kSeen, kSeen | UTF8PROC_CASEFOLD};

std::optional<std::string> ByTheLibrary(const std::string& text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

std::string Encoded(int32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(code, bytes);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::string Repeated(const std::string& piece, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(UnicodeForm, IsTheLibrarysForEveryCharacter) {
  for (int32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const std::string text = "a\u0301" + Encoded(code) + "\u0316";
    for (const int form : kForms) {
      ASSERT_EQ(UnicodeForm(text, form), ByTheLibrary(text, form)) << std::hex << code;
    }
  }
}

TEST(UnicodeForm, IsTheLibrarysForEveryOrderOfMarks) {
  constexpr int32_t kPieces[] = {'a',    0x301,  0x316,  0x323,  0x334,  0x345,  0x344,  0x34F,
                                 0xAD,   0x200B, 0x5B0,  0x5BC,  0xF71,  0xF72,  0xF73,  0xF74,
                                 0x1F82, 0x3099, 0xFF9E, 0xAC00, 0x11A8, 0xFDFA, 0x1D165};
  std::mt19937 random(1);  // NOLINT: the same texts in every run.
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    // Now and then longer than any language has them.
    const size_t size = i % 50 == 0 ? 300 : 12;
    while (text.size() < size) text += Encoded(kPieces[random() % std::size(kPieces)]);
    for (const int form : kForms)
      ASSERT_EQ(UnicodeForm(text, form), ByTheLibrary(text, form)) << text;
  }
}

TEST(UnicodeForm, IsNoneOfWhatIsNoUtf8) {
  for (const char* text : {"a\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
    EXPECT_EQ(UnicodeForm(text, kNfc), std::nullopt);
  }
  EXPECT_EQ(UnicodeForm("", kNfc), "");
  EXPECT_EQ(UnicodeForm(std::string("a\0b", 3), kNfc), std::string("a\0b", 3));
}

// The library would take minutes for each.
TEST(UnicodeForm, EndsSoonWhateverTheMarks) {
  constexpr size_t kMarks = 64 * 1024;
  const std::string above = "\u0301", below = "\u0316";
  EXPECT_EQ(UnicodeForm("a" + Repeated(above, kMarks) + Repeated(below, kMarks), kSeen),
            "\u00e1" + Repeated(below, kMarks) + Repeated(above, kMarks - 1));
  EXPECT_EQ(UnicodeForm(Repeated(above + below, kMarks), kNfc),
            Repeated(below, kMarks) + Repeated(above, kMarks));
  // Half-width sound marks are none before they are decomposed, and zero-width spaces leave.
  EXPECT_EQ(UnicodeForm(Repeated(above + "\uFF9E", kMarks), kSeen),
            Repeated("\u3099", kMarks) + Repeated(above, kMarks));
  EXPECT_EQ(UnicodeForm(Repeated(above + "\u200B" + below + "\u034F", kMarks), kSeen),
            Repeated(below, kMarks) + Repeated(above, kMarks));
  EXPECT_EQ(UnicodeForm(Repeated("\u0F73", kMarks), kNfc),
            Repeated("\u0F71", kMarks) + Repeated("\u0F72", kMarks));
  // And so does what is made of it.
  const std::string name = "v" + Repeated(above, kMarks) + Repeated(below, kMarks);
  EXPECT_EQ(NameKey(NameKey(name)), NameKey(name));
}

}  // namespace
}  // namespace flywheel
