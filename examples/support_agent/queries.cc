#include "examples/support_agent/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "examples/support_agent/random.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::example {
namespace {

constexpr double kSeedShare = 0.06;
constexpr size_t kSeedsPerIntent = 8;
constexpr int kQueriesPerCustomer = 18;
constexpr size_t kShownBytes = 60;

// Splits one record at `position`, which moves behind it; quoted fields may hold line ends.
std::vector<std::string> NextRecord(const std::string& text, size_t& position) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; position < text.size(); ++position) {
    const char c = text[position];
    if (c == '"') {
      const bool escaped = quoted && position + 1 < text.size() && text[position + 1] == '"';
      if (escaped) {
        fields.back() += '"';
        ++position;
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c == '\n' && !quoted) {
      ++position;
      break;
    } else if (c != '\r' || quoted) {
      fields.back() += c;
    }
  }
  return fields;
}

// A record short enough for an error.
std::string Shown(const std::vector<std::string>& fields) {
  const std::string text = fmt::format("{}", fmt::join(fields, ","));
  return text.size() > kShownBytes ? std::string(Shorten(text, kShownBytes)) + "..." : text;
}

}  // namespace

absl::StatusOr<std::vector<Query>> LoadQueries(const std::string& path, size_t least) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return errors::InvalidConfiguration("--data", fmt::format("'{}', which cannot be read", path),
                                        "a CSV file with the columns text,category");
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<Query> queries;
  size_t position = 0;
  for (int record = 1; position < text.size(); ++record) {
    std::vector<std::string> fields = NextRecord(text, position);
    if (fields.size() == 1 && fields[0].empty()) continue;
    const bool named = record > 1 || (fields[0] == "text" && fields.back() == "category");
    if (fields.size() != 2 || !named || fields[0].empty() || fields[1].empty()) {
      return errors::InvalidConfiguration(
          "--data", fmt::format("'{}' in record {} of '{}'", Shown(fields), record, path),
          "a text and a category, and a first line 'text,category'");
    }
    if (record > 1) queries.push_back({std::move(fields[0]), std::move(fields[1]), 0});
  }
  if (queries.size() >= least) return queries;
  return errors::InvalidConfiguration("--data",
                                      fmt::format("{} queries in '{}'", queries.size(), path),
                                      fmt::format("at least {}", least));
}

Traffic MakeTraffic(std::vector<Query> queries, int revolutions, uint64_t seed, int times) {
  Random random(seed);
  random.Shuffle(queries);
  Traffic traffic;
  std::set<std::string> intents;
  for (const Query& query : queries) intents.insert(query.intent);
  traffic.intents.assign(intents.begin(), intents.end());

  const auto seeds = std::min(static_cast<size_t>(kSeedShare * static_cast<double>(queries.size())),
                              kSeedsPerIntent * intents.size());
  const size_t asked = queries.size() - seeds;
  traffic.customers = std::max(10, times * static_cast<int>(asked) / kQueriesPerCustomer);
  traffic.seeds.assign(queries.begin(), queries.begin() + static_cast<std::ptrdiff_t>(seeds));
  traffic.slices.resize(static_cast<size_t>(revolutions));
  for (size_t i = 0; i < asked; ++i) {
    std::vector<Query>& slice = traffic.slices[i * traffic.slices.size() / asked];
    for (int time = 0; time < times; ++time) {
      Query query = queries[seeds + i];
      query.customer = static_cast<int>(random.Below(static_cast<size_t>(traffic.customers)));
      slice.push_back(std::move(query));
    }
  }
  if (times == 1) return traffic;
  for (std::vector<Query>& slice : traffic.slices) random.Shuffle(slice);
  return traffic;
}

}  // namespace flywheel::example
