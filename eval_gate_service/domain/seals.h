// Seals: hashes over the cases of a suite and the outputs of a run, one by one.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SEALS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SEALS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// What is sealed of an output: what a verdict counts of it, and the hash that stands for its texts.
struct OutputFacts {
  std::string case_id;
  int attempt = 0;
  OutputJudgement judgement;
  // See OutputHash.
  std::string content_hash;
  absl::Time create_time;
};

// SHA-256 in 32 bytes over a salt and all of a case, or of what is sealed of an output. The salt is
// random and leaves with what is sealed: what is left then says nothing of it, not even to whoever
// has it from elsewhere. Stored: what goes in, and in which order, never changes.
std::string CaseSeal(const std::string& salt, const SuiteCase& one);
std::string OutputSeal(const std::string& salt, const OutputFacts& output);

// The seals of all cases of a suite, or of all outputs of a run, of what was erased too, in
// whatever order they come. A hundred thousand take 3.2 MB. Not thread-safe.
class SealSet {
 public:
  // One that is there already is the same one.
  void Add(std::string_view seal);

  // How many there are.
  size_t size();

  // SHA-256 in 32 bytes over all of them, sorted: the same whichever of them were erased since.
  // Stored.
  std::string Hash();

 private:
  void Sort();

  std::vector<std::array<char, 32>> seals_;
  bool sorted_ = true;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SEALS_H_
