#include "tests/redaction/quality/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace flywheel::redaction {
namespace {

// Types with a form of their own, which nobody should miss.
std::optional<double> RecallTarget(DataType type) {
  switch (type) {
    case DataType::kEmail:
    case DataType::kIban:
    case DataType::kNationalId:
    case DataType::kIpAddress:
    case DataType::kCard:
      return 0.99;
    case DataType::kPhone:
      return 0.97;
    case DataType::kName:
      return 0.80;
    default:
      return std::nullopt;
  }
}

std::string Taken(const TypeQuality& type) {
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [name, count] : type.found_as) order.emplace_back(-count, name);
  std::sort(order.begin(), order.end());
  std::string text;
  for (const auto& [count, name] : order) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", name, -count);
  }
  return text;
}

std::string Shares(std::string_view heading, const std::map<std::string, Share>& shares) {
  std::string text = fmt::format("\n{}\n", heading);
  for (const auto& [name, share] : shares) {
    text += fmt::format("  {:<14} {:>6.3f} of {:>5}\n", name, share.value(), share.of);
  }
  return text;
}

Figure Ceiling(std::string name, const Share& share, double target) {
  return {std::move(name), share.value(), share.of, target, true};
}

}  // namespace

std::vector<Figure> Figures(const Quality& quality) {
  std::vector<Figure> figures = {
      {"F2, all types", quality.all.f2(), quality.all.recall.of, 0.75},
      {"F2, persons, addresses, contacts, ids", quality.core.f2(), quality.core.recall.of, 0.80},
      {"recall, all types", quality.all.recall.value(), quality.all.recall.of, {}},
      {"precision, all types", quality.all.precision.value(), quality.all.precision.of, {}}};
  for (size_t i = 0; i < kDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    const SpanShares& spans = quality.types[i].spans;
    if (spans.recall.of == 0) continue;
    figures.push_back({fmt::format("recall of {}", DataTypeName(type)), spans.recall.value(),
                       spans.recall.of, RecallTarget(type)});
    if (type == DataType::kName) {
      figures.push_back({"precision of NAME", spans.precision.value(), spans.precision.of, 0.95});
    }
  }
  figures.push_back(Ceiling("clean documents changed", quality.clean_changed, 0.01));
  figures.push_back(Ceiling("ordinary kinds changed", quality.ordinary_changed, 0));
  figures.push_back({"bare answers replaced", quality.answers.value(), quality.answers.of, 0.95});
  figures.push_back(Ceiling("ordinary answers changed", quality.ordinary_answers_changed, 0));
  for (const auto& [type, left] : quality.dialogue_left) {
    figures.push_back(Ceiling(fmt::format("{} left in dialogues", DataTypeName(type)), left, 0));
  }
  figures.push_back(Ceiling("ids, dates, prices lost in dialogues", quality.dialogue_lost, 0));
  return figures;
}

std::string Report(const Quality& quality) {
  std::string text = fmt::format("{:<40} {:>6} {:>6} {:>8}\n", "WHAT", "OF", "VALUE", "TARGET");
  for (const Figure& figure : Figures(quality)) {
    std::string target;
    if (figure.target)
      target = fmt::format("{} {:.2f}", figure.is_ceiling ? "<=" : ">=", *figure.target);
    text += fmt::format("{:<40} {:>6} {:>6.3f} {:>8}{}\n", figure.name, figure.of, figure.value,
                        target, figure.reaches_target() ? "" : "  missed");
  }
  text += fmt::format("\n{:<16} {:>6} {:>6} {:>8} {:>9}  {}\n", "TYPE", "LABELS", "RECALL",
                      "FINDINGS", "PRECISION", "TAKEN FOR");
  for (size_t i = 0; i < kDataTypes; ++i) {
    const TypeQuality& type = quality.types[i];
    const auto& [recall, precision] = type.spans;
    if (recall.of + precision.of == 0) continue;
    text += fmt::format("{:<16} {:>6} {:>6.3f} {:>8} {:>9.3f}  {}\n",
                        DataTypeName(static_cast<DataType>(i)), recall.of, recall.value(),
                        precision.of, precision.value(), Taken(type));
  }
  text += Shares("RECALL BY LANGUAGE", quality.recall_by_language);
  text += Shares("RECALL BY REGISTER", quality.recall_by_register);
  text += Shares("BARE ANSWERS BY KIND", quality.answers_by_kind);
  return text;
}

std::string MarkdownTable(const Quality& quality) {
  std::string text = "| Type | Values | Recall | Precision |\n| --- | --- | --- | --- |\n";
  for (size_t i = 0; i < kDataTypes; ++i) {
    const auto& [recall, precision] = quality.types[i].spans;
    if (recall.of == 0) continue;
    const std::string right = precision.of == 0 ? "-" : fmt::format("{:.2f}", precision.value());
    text += fmt::format("| `{}` | {} | {:.2f} | {} |\n", DataTypeName(static_cast<DataType>(i)),
                        recall.of, recall.value(), right);
  }
  text += "\n| Measure | Over | Value | Target |\n| --- | --- | --- | --- |\n";
  for (const Figure& figure : Figures(quality)) {
    if (!figure.target.has_value() || figure.name.rfind("recall of", 0) == 0) continue;
    text += fmt::format("| {} | {} | {:.3f} | {} {:.2f} |\n", figure.name, figure.of, figure.value,
                        figure.is_ceiling ? "at most" : "at least", *figure.target);
  }
  return text;
}

}  // namespace flywheel::redaction
