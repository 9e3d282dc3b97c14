// Migration 14: how far the scans of the store came.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_14_STORE_SCANS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_14_STORE_SCANS_H_

namespace flywheel::ingest {

inline constexpr char kStoreScansSql[] = R"sql(
CREATE TABLE store_scans (
  -- Scans of what is stored, by the recognisers of their day, so that one that was cut short goes
  -- on, and one that is complete is answered again. They name nobody, and hold no value.
  -- What a rewrite tells the feed is in privacy_records, of kind 4: erasure_id is the scan's,
  -- erased_sequences the record that was rewritten, and none in the last.
  project TEXT NOT NULL,
  scan_id TEXT NOT NULL,
  is_rewrite INTEGER NOT NULL,      -- 1: what is found is replaced
  request_time_us INTEGER NOT NULL,
  requested_by TEXT NOT NULL,       -- the id of a key; empty where the service had none
  last_sequence INTEGER NOT NULL,   -- it goes up to here in the feed
  next_cursor INTEGER NOT NULL,     -- everything up to here was looked at
  records INTEGER NOT NULL,
  changed_interactions INTEGER NOT NULL,
  changed_signals INTEGER NOT NULL,
  held_records INTEGER NOT NULL,
  found TEXT NOT NULL,              -- JSON: how many values of which type
  is_complete INTEGER NOT NULL,
  PRIMARY KEY (project, scan_id)
) STRICT;
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_14_STORE_SCANS_H_
