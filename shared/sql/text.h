// SQL text that is put together at compile time.
#ifndef FLYWHEEL_SHARED_SQL_TEXT_H_
#define FLYWHEEL_SHARED_SQL_TEXT_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flywheel::sql {

// A constant text: what several statements share, such as the head of their SELECT, is written
// once, and the value of an enum comes from its name.
//
//   constexpr sql::Text kSelectNote("SELECT id, state FROM notes ");
//   static constexpr auto kSql = kSelectNote + "WHERE state = " + sql::kLiteral<State::kOpen>;
//   sql::Statement select = connection.Prepare(kSql);
template <size_t N>
struct Text {
  std::array<char, N> bytes{};

  constexpr Text() = default;
  constexpr explicit Text(const char (&literal)[N + 1]) { std::copy_n(literal, N, bytes.begin()); }

  constexpr std::string_view view() const { return {bytes.data(), N}; }
  constexpr operator std::string_view() const { return view(); }  // NOLINT: as a literal would.

  template <size_t M>
  constexpr Text<N + M> operator+(const Text<M>& other) const {
    Text<N + M> sum;
    std::copy_n(bytes.begin(), N, sum.bytes.begin());
    std::copy_n(other.bytes.begin(), M, sum.bytes.begin() + N);
    return sum;
  }
  template <size_t M>
  constexpr auto operator+(const char (&literal)[M]) const {
    return *this + Text<M - 1>(literal);
  }
};

template <size_t N>
Text(const char (&)[N]) -> Text<N - 1>;

// The digits of an enum value, for a text: SQLite uses a partial index only where the constant of
// its condition stands in the query, and PostgreSQL likewise.
template <auto value>
inline constexpr auto kLiteral = [] {
  constexpr auto kNumber = static_cast<int64_t>(value);
  static_assert(kNumber >= 0, "stored enum values are not negative");
  constexpr size_t kDigits = [] {
    size_t digits = 1;
    for (int64_t rest = kNumber / 10; rest > 0; rest /= 10) ++digits;
    return digits;
  }();
  Text<kDigits> text;
  int64_t rest = kNumber;
  for (size_t i = kDigits; i > 0; rest /= 10) text.bytes[--i] = static_cast<char>('0' + rest % 10);
  return text;
}();

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_TEXT_H_
