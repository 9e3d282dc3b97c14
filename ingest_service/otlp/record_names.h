// Names of what a trace became, without characters that no name may have.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_RECORD_NAMES_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_RECORD_NAMES_H_

#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::ingest {

// The other doors refuse a name with a control character and tell the caller; an exporter would
// lose the whole trace, and could not mend the name. So here "_" comes in its place.
void CleanNames(v1::Interaction& interaction);
void CleanNames(v1::Signal& signal);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_RECORD_NAMES_H_
