#include "curation_service/domain/label_quality.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/container/flat_hash_map.h"

namespace flywheel::curation {
namespace {
constexpr std::size_t kNone = static_cast<std::size_t>(-1);
struct P {
  std::vector<std::size_t> rows;  // judged rows
  std::vector<std::size_t> label; // class per judged row
  std::vector<std::size_t> ann;
  std::vector<bool> trusted;
  std::size_t K, A;
  std::vector<std::string> names;
  std::vector<SparseVector> x; std::size_t F;
  std::vector<int> fold;
};
std::uint64_t Hash(const std::string& s) {
  std::uint64_t h = 1469598103934665603ULL;
  for (unsigned char c : s) h = (h ^ c) * 1099511628211ULL;
  h ^= h >> 32; h *= 0x9e3779b97f4a7c15ULL; return h ^ (h >> 29);
}
void Oof(const P& d, const std::vector<float>& w, const TextClassifierOptions& o, int folds, std::vector<float>& p) {
  p.assign(d.rows.size() * d.K, 0);
  for (int f = 0; f < folds; ++f) {
    std::vector<ClassifierExample> ex;
    for (std::size_t i = 0; i < d.rows.size(); ++i) if (d.fold[i] != f && w[i] > 0.02f) ex.push_back({&d.x[i], d.label[i], w[i]});
    auto c = TextClassifier::Train(ex, d.F, d.K, o);
    for (std::size_t i = 0; i < d.rows.size(); ++i) if (d.fold[i] == f) {
      auto v = c.Probabilities(d.x[i]);
      std::copy(v.begin(), v.end(), p.begin() + i * d.K);
    }
  }
}
// temperature by mixture likelihood
void Calibrate(const P& d, std::vector<float>& p, double floor, bool verbose) {
  double best = -1e300, bt = 1, br = 0;
  for (double t : {0.3,0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5}) {
    std::vector<double> py(d.rows.size());
    for (std::size_t i = 0; i < d.rows.size(); ++i) {
      double s = 0, y = 0;
      for (std::size_t k = 0; k < d.K; ++k) { double v = std::pow(std::max(1e-12f, p[i * d.K + k]), 1 / t); s += v; if (k == d.label[i]) y = v; }
      py[i] = y / s * (1 - floor) + floor / d.K;
    }
    for (double r = 0.3; r < 1.0; r += 0.02) {
      double l = 0;
      for (std::size_t i = 0; i < py.size(); ++i) { double rr = d.trusted[i] ? 1.0 : r; l += std::log(rr * py[i] + (1 - rr) * (1 - py[i]) / (d.K - 1)); }
      if (l > best) best = l, bt = t, br = r;
    }
  }
  if (verbose) std::printf("  temp %.2f r %.2f\n", bt, br);
  for (std::size_t i = 0; i < d.rows.size(); ++i) {
    float* row = &p[i * d.K]; double s = 0;
    for (std::size_t k = 0; k < d.K; ++k) { row[k] = std::pow(std::max(1e-12f, row[k]), 1 / bt); s += row[k]; }
    for (std::size_t k = 0; k < d.K; ++k) row[k] = row[k] / s * (1 - floor) + floor / d.K;
  }
}
struct Post { double own; std::size_t best; double best_p; };
Post Posterior(const float* p, std::size_t K, std::size_t y, double r, double q, double plaus) {
  double own = r * p[y], total = own, bp = 0; std::size_t b = kNone;
  for (std::size_t k = 0; k < K; ++k) if (k != y) {
    double v = (1 - r) * p[k] * ((1 - plaus) * q + plaus * p[y] / (1.0 - p[k] + 1e-9));
    total += v; if (v > bp) bp = v, b = k;
  }
  return {own / total, b, bp / total};
}
}  // namespace

std::vector<LabelReview> ReviewLabels(const std::vector<LabelledExample>& examples, const LabelQualityOptions& o) {
  std::vector<LabelReview> out(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) { out[i].label = examples[i].label; if (examples[i].trusted) out[i].reason = LabelReason::kTrusted; }
  absl::flat_hash_map<std::string, std::size_t> count, id, aid;
  for (auto& e : examples) count[e.label]++;
  P d; d.A = 0;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    auto& e = examples[i];
    texts.push_back(e.input);
    if (count[e.label] < o.min_examples_per_label) continue;
    d.rows.push_back(i);
    auto [it, fresh] = id.emplace(e.label, id.size()); if (fresh) d.names.push_back(e.label);
    d.label.push_back(it->second);
    d.ann.push_back(aid.emplace(e.annotator, aid.size()).first->second);
    d.trusted.push_back(e.trusted);
    d.fold.push_back(Hash(e.input) % o.folds);
  }
  d.K = id.size(); d.A = aid.size();
  if (d.rows.size() < o.min_examples || d.K < 2 || d.rows.size() < o.min_class_share * examples.size()) return out;
  TextVectorizer v(texts);
  for (auto i : d.rows) d.x.push_back(v.Vectorize(examples[i].input));
  d.F = v.size();
  const std::size_t N = d.rows.size();
  std::vector<float> w(N, 1.f), p;
  std::vector<double> r(d.A, 0.8), c(N, 1), own(N, 1);
  std::vector<Post> post(N);
  std::vector<double> rows_per_ann(d.A, 0);
  for (int round = 0; round < o.rounds; ++round) {
    TextClassifierOptions t;
    t.epochs = round ? o.epochs2 : o.epochs; t.learning_rate = round ? o.lr2 : o.lr; t.l2 = round ? o.l22 : o.l2;
    Oof(d, w, t, o.folds, p);
    Calibrate(d, p, o.floor, o.verbose);
    absl::flat_hash_map<std::uint64_t, double> wrong;
    std::vector<double> wrong_a(d.A, 0);
    double mean = 0.8;
    std::fill(r.begin(), r.end(), mean);
    for (int it = 0; it < o.em; ++it) {
      std::vector<double> good(d.A, 0), n(d.A, 0);
      double sg = 0, sn = 0;
      for (std::size_t i = 0; i < N; ++i) {
        if (d.trusted[i]) { post[i] = {1, kNone, 0}; continue; }
        const std::size_t a = d.ann[i];
        const std::uint64_t key = a * d.K + d.label[i];
        double mine = it ? 1 - post[i].own : 0;
        auto f = wrong.find(key);
        double wl = (f == wrong.end() ? 0 : f->second) - mine, wa = wrong_a[a] - mine;
        double q = (std::max(0., wl) + o.favourite / (d.K - 1)) / (std::max(0., wa) + o.favourite);
        post[i] = Posterior(&p[i * d.K], d.K, d.label[i], r[a], q, o.plausible_share);
        good[a] += post[i].own; n[a] += 1; sg += post[i].own; sn += 1;
      }
      mean = sn ? (sg + 1) / (sn + 2) : 0.8;
      for (std::size_t a = 0; a < d.A; ++a) r[a] = std::min(0.995, (good[a] + o.prior_strength * mean) / (n[a] + o.prior_strength));
      wrong.clear(); std::fill(wrong_a.begin(), wrong_a.end(), 0);
      for (std::size_t i = 0; i < N; ++i) if (!d.trusted[i]) { wrong[d.ann[i] * d.K + d.label[i]] += 1 - post[i].own; wrong_a[d.ann[i]] += 1 - post[i].own; }
    }
    for (std::size_t i = 0; i < N; ++i) w[i] = post[i].own;
    if (o.verbose) { int bad = 0; for (auto x : r) bad += x < o.unreliable; std::printf("  mean %.3f bad annotators %d of %zu\n", mean, bad, d.A); }
  }
  for (std::size_t i = 0; i < N; ++i) {
    auto& e = out[d.rows[i]];
    if (d.trusted[i]) continue;
    const bool bad = r[d.ann[i]] < o.unreliable;
    if (post[i].own >= o.keep) { e.reason = LabelReason::kAgreed; e.confidence = post[i].own; continue; }
    e.reason = bad ? LabelReason::kUnreliableAnnotator : LabelReason::kContradicted;
    if (post[i].best_p >= o.relabel) { e.decision = LabelDecision::kRelabel; e.label = d.names[post[i].best]; e.confidence = post[i].best_p; }
    else { e.decision = LabelDecision::kDrop; e.confidence = 1 - post[i].own; }
  }
  return out;
}
}  // namespace flywheel::curation
