#include "ingest_service/otlp/trace_records.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/otlp/trace_mapper.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "ingest_service/rpc/validate.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// What the interaction would be under the keys before the newest. Its user is a pseudonym by now,
// so that ToRecord cannot tell; the spans brought what he was called under each of them.
std::vector<EarlierIdentity> EarlierIdentities(v1::Interaction interaction,
                                               const std::vector<std::string>& earlier_user_ids,
                                               const Pseudonymiser& pseudonymiser) {
  std::vector<EarlierIdentity> identities;
  for (size_t i = 1; i < pseudonymiser.generations() && i <= earlier_user_ids.size(); ++i) {
    interaction.set_user_id(earlier_user_ids[i - 1]);
    identities.push_back(
        {earlier_user_ids[i - 1], pseudonymiser.ContentMac(CanonicalBytes(interaction), i)});
  }
  return identities;
}

}  // namespace

absl::StatusOr<AssembledTrace> AssembleTrace(const WaitingTrace& trace,
                                             const PrivacyFilter& privacy, const Clock& clock) {
  MappedTrace mapped = MapTrace(trace);
  AssembledTrace assembled;
  const std::string& project = trace.key.project;
  if (mapped.interaction) {
    RETURN_IF_ERROR(Validate(*mapped.interaction, clock.Now(), "interaction."));
    std::vector<EarlierIdentity> earlier =
        EarlierIdentities(*mapped.interaction, mapped.earlier_user_ids, privacy.pseudonymiser);
    ASSIGN_OR_RETURN(assembled.interaction, ToRecord(*mapped.interaction, project, privacy));
    std::move(earlier.begin(), earlier.end(), assembled.interaction->earlier.begin());
  }
  for (v1::Signal& signal : mapped.signals) {
    RETURN_IF_ERROR(Validate(signal, clock.Now(), "signal."));
    ASSIGN_OR_RETURN(SignalRecord record, ToRecord(signal, project, privacy));
    assembled.signals.push_back(std::move(record));
  }
  return assembled;
}

}  // namespace flywheel::ingest
