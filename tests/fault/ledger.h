// Ledger of acknowledgements: what the services answered, as their callers saw it.
#ifndef FLYWHEEL_TESTS_FAULT_LEDGER_H_
#define FLYWHEEL_TESTS_FAULT_LEDGER_H_

#include <fmt/format.h>

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "examples/support_agent/agent.h"

namespace flywheel::example {

// Everything of an interaction that must come back as it was sent.
inline std::string ContentOf(const ingest::v1::Interaction& interaction) {
  return fmt::format("{} {} {}: {} -> {}", interaction.agent(), interaction.model_version(),
                     interaction.session_id(), interaction.input(), interaction.output());
}

// Everything of a signal that must come back as it was sent.
inline std::string ContentOf(const ingest::v1::Signal& signal) {
  return fmt::format("{} {} {}", signal.interaction_id(), static_cast<int>(signal.kind_case()),
                     signal.correction().ideal_output());
}

// What was acknowledged so far.
struct Acknowledged {
  // Content by id.
  std::map<std::string, std::string> interactions;
  std::map<std::string, std::string> signals;
  // Token by interaction, by experiment: what each experiment has to read of the feed. A unit is
  // known by its token: each is assigned once.
  std::map<std::string, std::map<std::string, std::string>> answers;
  // The version that served a session.
  std::map<std::string, std::string> version_by_session;
};

// Thread-safe.
class Ledger {
 public:
  void Add(const BatchRecords& records) {
    absl::MutexLock lock(&mutex_);
    for (const auto& interaction : records.interactions.interactions()) {
      all_.interactions[interaction.interaction_id()] = ContentOf(interaction);
      all_.version_by_session[interaction.session_id()] = interaction.model_version();
      const auto experiment = records.experiment_by_token.find(interaction.assignment_token());
      if (experiment != records.experiment_by_token.end()) {
        all_.answers[experiment->second][interaction.interaction_id()] =
            interaction.assignment_token();
      }
    }
    for (const auto& signal : records.signals.signals()) {
      all_.signals[signal.signal_id()] = ContentOf(signal);
    }
  }

  Acknowledged Read() const {
    absl::MutexLock lock(&mutex_);
    return all_;
  }

 private:
  mutable absl::Mutex mutex_;
  Acknowledged all_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_TESTS_FAULT_LEDGER_H_
