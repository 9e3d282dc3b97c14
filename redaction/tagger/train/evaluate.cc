#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "redaction/tagger/tagger.h"
#include "redaction/tagger/train/trainer.h"

namespace flywheel::redaction {
namespace {

// Does the span lie on a labelled one of this type, and on nothing else?
bool IsRight(const LabelledText& text, const TaggedSpan& found) {
  return std::any_of(text.spans.begin(), text.spans.end(), [&](const LabelledText::Span& span) {
    return span.type == found.type && found.begin < span.end && span.begin < found.end;
  });
}

struct Counts {
  int64_t labelled = 0, touched = 0, covered = 0, found = 0, right = 0;
};

double Share(int64_t part, int64_t all) {
  return all == 0 ? 1 : static_cast<double>(part) / static_cast<double>(all);
}

void ShowErrors(const LabelledText& text, const std::vector<TaggedSpan>& found) {
  std::string line = text.text;
  for (size_t i = found.size(); i-- > 0;) {
    line.insert(found[i].end, fmt::format("|{} {:.2f}]]", DataTypeName(kTaggedTypes[found[i].type]),
                                          found[i].confidence));
    line.insert(found[i].begin, IsRight(text, found[i]) ? "[[" : "[[!");
  }
  std::replace(line.begin(), line.end(), '\n', '~');
  fmt::print("  {}\n", line);
}

}  // namespace

void Calibrate(const std::vector<LabelledText>& texts, std::string& model) {
  const TaggerModel raw = TaggerModel::Read(model).value();
  const Tagger tagger(raw);
  std::array<std::vector<std::pair<double, double>>, kTaggedTypes.size()> samples;
  std::vector<TaggedSpan> found;
  for (const LabelledText& text : texts) {
    tagger.Find(text.text, found);
    for (const TaggedSpan& span : found) {
      const double p = std::clamp<double>(span.confidence, 1e-6, 1 - 1e-6);
      samples[span.type].emplace_back(std::log(p / (1 - p)), IsRight(text, span) ? 1 : 0);
    }
  }
  ModelHeader header = raw.header();
  for (size_t type = 0; type < samples.size(); ++type) {
    // Gradient ascent on the likelihood, with a prior that keeps the raw odds where data is scarce.
    double slope = 1, offset = 0;
    for (int step = 0; step < 3000; ++step) {
      double by_slope = (1 - slope), by_offset = -offset;
      for (const auto& [odds, right] : samples[type]) {
        const double error = right - 1 / (1 + std::exp(-(slope * odds + offset)));
        by_slope += error * odds;
        by_offset += error;
      }
      const double rate = 0.2 / (10 + static_cast<double>(samples[type].size()));
      slope = std::max(0.05, slope + rate * by_slope);
      offset += 5 * rate * by_offset;
    }
    header.slope[type] = static_cast<float>(slope);
    header.offset[type] = static_cast<float>(offset);
    fmt::print("calibrated {}: slope {:.3f}, offset {:.3f}, {} spans\n",
               DataTypeName(kTaggedTypes[type]), slope, offset, samples[type].size());
  }
  std::memcpy(model.data(), &header, sizeof header);
}

void Evaluate(const std::string& name, const std::vector<LabelledText>& texts,
              const std::string& model, float threshold, bool show_errors) {
  const TaggerModel read = TaggerModel::Read(model).value();
  const Tagger tagger(read);
  std::array<Counts, kTaggedTypes.size()> counts;
  int64_t clean = 0, clean_changed = 0;
  std::vector<TaggedSpan> found;
  for (const LabelledText& text : texts) {
    tagger.Find(text.text, found);
    std::erase_if(found, [&](const TaggedSpan& s) { return s.confidence < threshold; });
    bool wrong = false;
    for (const TaggedSpan& span : found) {
      const bool right = IsRight(text, span);
      Counts& count = counts[span.type];
      ++count.found;
      count.right += right ? 1 : 0;
      wrong = wrong || !right;
    }
    for (const LabelledText::Span& span : text.spans) {
      Counts& count = counts[span.type];
      ++count.labelled;
      bool touched = false, covered = false;
      for (const TaggedSpan& s : found) {
        // Whatever it is called: what counts is that it is gone.
        touched = touched || (s.begin < span.end && span.begin < s.end);
        covered = covered || (s.begin <= span.begin && span.end <= s.end);
      }
      count.touched += touched ? 1 : 0;
      count.covered += covered ? 1 : 0;
      wrong = wrong || (!touched && span.type < 2);
    }
    const bool changed =
        std::any_of(found.begin(), found.end(), [](const TaggedSpan& s) { return s.type < 2; });
    const bool personal =
        std::any_of(text.spans.begin(), text.spans.end(), [](const auto& s) { return s.type < 2; });
    clean += personal ? 0 : 1;
    clean_changed += !personal && changed ? 1 : 0;
    if (show_errors && wrong) ShowErrors(text, found);
  }
  fmt::print("{}: {} texts, {} of {} clean ones changed ({:.2f} %)\n", name, texts.size(),
             clean_changed, clean, 100 * Share(clean_changed, clean));
  for (size_t type = 0; type < counts.size(); ++type) {
    const Counts& c = counts[type];
    if (c.labelled + c.found == 0) continue;
    fmt::print("  {:<13} recall {:.3f} (whole {:.3f}) of {:>6}, precision {:.3f} of {:>6}\n",
               DataTypeName(kTaggedTypes[type]), Share(c.touched, c.labelled),
               Share(c.covered, c.labelled), c.labelled, Share(c.right, c.found), c.found);
  }
}

}  // namespace flywheel::redaction
