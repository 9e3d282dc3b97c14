#include "shared/sql/migration_functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace flywheel::sql {
namespace {

void AnswerBytes(sqlite3_context* context, const std::string& bytes) {
  sqlite3_result_blob64(context, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

void Unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* digits = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const std::string_view text(digits == nullptr ? "" : digits);
  const auto is_digit = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); };
  if (text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), is_digit)) {
    sqlite3_result_null(context);
    return;
  }
  AnswerBytes(context, absl::HexStringToBytes(std::string(text)));
}

void DoubleBytes(sqlite3_context* context, int count, sqlite3_value** arguments) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<uint64_t>(sqlite3_value_double(arguments[i]));
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(bits >> shift));
  }
  AnswerBytes(context, bytes);
}

}  // namespace

int DefineMigrationFunctions(sqlite3* database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  const int code = sqlite3_create_function_v2(database, "unhex", 1, kFlags, nullptr, Unhex, nullptr,
                                              nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  return sqlite3_create_function_v2(database, "double_bytes", -1, kFlags, nullptr, DoubleBytes,
                                    nullptr, nullptr, nullptr);
}

}  // namespace flywheel::sql
