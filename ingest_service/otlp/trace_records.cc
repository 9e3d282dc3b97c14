#include "ingest_service/otlp/trace_records.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/otlp/trace_mapper.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Puts what the interaction would be under the keys of before into `earlier`, in which the filter
// left a place for each generation but the newest. Its user is a pseudonym by now, so that the
// filter cannot tell; the spans brought what they were called under each key of the time when they
// came. Newer keys may have come since: the last name is of the oldest key.
void NameEarlier(v1::Interaction interaction, const std::vector<std::string>& earlier_user_ids,
                 const Pseudonymiser& pseudonymiser, std::vector<EarlierIdentity>& earlier) {
  const size_t names = std::min(earlier_user_ids.size(), earlier.size());
  const size_t newer_keys = earlier.size() - names;
  for (size_t i = 0; i < names; ++i) {
    interaction.set_user_id(earlier_user_ids[i]);
    const size_t generation = newer_keys + i + 1;
    EarlierIdentity& identity = earlier[generation - 1];
    identity.pseudonym = earlier_user_ids[i];
    identity.content_hash = pseudonymiser.ContentMac(CanonicalBytes(interaction), generation);
  }
}

}  // namespace

absl::StatusOr<AssembledTrace> AssembleTrace(const WaitingTrace& trace, InboundFilter& filter,
                                             const Clock& clock) {
  MappedTrace mapped = MapTrace(trace);
  AssembledTrace assembled;
  assembled.text = mapped.text;
  const std::string& project = trace.key.project;
  for (MappedTurn& turn : mapped.turns) {
    v1::Interaction unredacted = turn.interaction;
    ASSIGN_OR_RETURN(InteractionRecord record,
                     filter.MakeRecord(turn.interaction, project, clock.Now(), "interaction."));
    NameEarlier(std::move(unredacted), turn.earlier_user_ids, filter.pseudonymiser(),
                record.earlier);
    assembled.interactions.push_back(std::move(record));
  }
  for (v1::Signal& signal : mapped.signals) {
    ASSIGN_OR_RETURN(SignalRecord record,
                     filter.MakeRecord(signal, project, clock.Now(), "signal."));
    assembled.signals.push_back(std::move(record));
  }
  return assembled;
}

}  // namespace flywheel::ingest
