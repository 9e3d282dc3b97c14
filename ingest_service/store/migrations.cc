#include "ingest_service/store/migrations.h"

#include "ingest_service/store/migration_07_strict_record_tables.h"
#include "ingest_service/store/migration_08_strict_privacy_tables.h"
#include "ingest_service/store/migration_09_strict_payload_tables.h"
#include "ingest_service/store/migration_10_erasure_subjects.h"
#include "ingest_service/store/migration_11_shared_messages.h"
#include "ingest_service/store/migration_14_store_scans.h"
#include "shared/audit/audit_events_sql.h"

namespace flywheel::ingest {
namespace {

constexpr sql::Migration kMigrations[] = {
    {"interactions, their attributes and signals", R"sql(
        -- One row an interaction, immutable. `sequence` is its place in the feed, which it shares
        -- with signals: one writer numbers the rows of both tables in the order of the commits.
        CREATE TABLE interactions (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          interaction_id TEXT NOT NULL,
          content_hash BLOB NOT NULL,     -- SHA-256 of payload: tells a replay from a conflict
          session_id TEXT NOT NULL,       -- empty where it has none
          user_pseudonym TEXT NOT NULL,   -- empty where nobody is known; never a clear id
          agent TEXT NOT NULL,
          model_version TEXT NOT NULL,
          start_time INTEGER NOT NULL,    -- microseconds since 1970, UTC
          commit_time INTEGER NOT NULL,
          tool_calls INTEGER NOT NULL,    -- counted once, so that statistics need no payload
          payload BLOB NOT NULL           -- flywheel.ingest.v1.Interaction
        );
        -- The client's id decides what is new: every write looks here.
        CREATE UNIQUE INDEX interactions_by_id ON interactions (project, interaction_id);
        -- Conversations are read whole.
        CREATE INDEX interactions_by_session ON interactions (project, session_id, sequence)
          WHERE session_id <> '';

        -- What interactions are grouped and filtered by.
        CREATE TABLE interaction_attributes (
          sequence INTEGER NOT NULL REFERENCES interactions (sequence),
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (sequence, name)
        );

        -- One row a revision of a signal, immutable. The highest revision counts.
        CREATE TABLE signals (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          signal_id TEXT NOT NULL,
          revision INTEGER NOT NULL,
          content_hash BLOB NOT NULL,
          interaction_id TEXT NOT NULL,   -- empty where the signal is about a session
          session_id TEXT NOT NULL,       -- empty where it is about an interaction
          event_time INTEGER NOT NULL,
          commit_time INTEGER NOT NULL,
          evaluation_name TEXT NOT NULL,  -- empty where the signal is no evaluation
          evaluation_score REAL NOT NULL,
          payload BLOB NOT NULL           -- flywheel.ingest.v1.Signal
        );
        -- As interactions_by_id.
        CREATE UNIQUE INDEX signals_by_id ON signals (project, signal_id, revision);
        -- An interaction is shown with its signals, which may have come before it.
        CREATE INDEX signals_by_interaction ON signals (project, interaction_id, sequence)
          WHERE interaction_id <> '';
    )sql"},
    {"reading one project in order, and totals", R"sql(
        -- Lists and the feed of one project read in commit order, without the other projects.
        CREATE INDEX interactions_by_project ON interactions (project, sequence);
        CREATE INDEX signals_by_project ON signals (project, sequence);
        -- Means are over evaluations, which are few among signals.
        CREATE INDEX signals_by_evaluation ON signals (project, evaluation_name)
          WHERE evaluation_name <> '';

        -- One row a project, kept by every write, so that counting needs no reading.
        CREATE TABLE project_totals (
          project TEXT NOT NULL PRIMARY KEY,
          interactions INTEGER NOT NULL,
          signals INTEGER NOT NULL,       -- every revision
          tool_calls INTEGER NOT NULL     -- in the interactions
        );
        INSERT INTO project_totals (project, interactions, signals, tool_calls)
          SELECT project, SUM(interactions), SUM(signals), SUM(tool_calls)
          FROM (SELECT project, COUNT(*) AS interactions, 0 AS signals,
                       SUM(tool_calls) AS tool_calls
                FROM interactions GROUP BY project
                UNION ALL
                SELECT project, 0, COUNT(*), 0 FROM signals GROUP BY project) AS counted
          GROUP BY project;
    )sql"},
    {"the head of the feed, and whose and what a signal is", R"sql(
        -- One row: the newest sequence that was ever given out. What is deleted later keeps its
        -- number, so that a reader never meets another record under a number that it has passed.
        CREATE TABLE feed_head (
          id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
          last_sequence INTEGER NOT NULL
        );
        INSERT INTO feed_head (id, last_sequence)
          SELECT 1, MAX(COALESCE((SELECT MAX(sequence) FROM interactions), 0),
                        COALESCE((SELECT MAX(sequence) FROM signals), 0));

        -- Who gave the signal; empty where nobody is known.
        ALTER TABLE signals ADD COLUMN actor_pseudonym TEXT NOT NULL DEFAULT '';
        -- Signal.kind's field number, which lists filter by; 0 in rows of before, until the service
        -- has filled it in at its start.
        ALTER TABLE signals ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        -- Rows whose two new columns are still to be filled in.
        CREATE INDEX signals_without_kind ON signals (sequence) WHERE kind = 0;
        -- The feedback of a session is read whole.
        CREATE INDEX signals_by_session ON signals (project, session_id, sequence)
          WHERE session_id <> '';
    )sql"},
    {"forgetting people, and what they allow", R"sql(
        -- Whose records are erased, held or filtered.
        CREATE INDEX interactions_by_user ON interactions (project, user_pseudonym, sequence)
          WHERE user_pseudonym <> '';
        CREATE INDEX signals_by_actor ON signals (project, actor_pseudonym, sequence)
          WHERE actor_pseudonym <> '';

        -- Receipts. Name no person: person_mac is a keyed hash of the pseudonym, which tells a
        -- replay from a conflict. `pseudonyms`, separated by spaces, say whom to erase until that
        -- is done, and are empty from then on; last_sequence, 0 before the first piece, is up to
        -- where. clean_time is 0 until ingest itself is clean.
        CREATE TABLE erasures (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          person_mac BLOB NOT NULL,
          pseudonyms TEXT NOT NULL,
          last_sequence INTEGER NOT NULL,
          request_time INTEGER NOT NULL,
          clean_time INTEGER NOT NULL,
          interactions INTEGER NOT NULL,
          signals INTEGER NOT NULL,
          commit_sequence INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id)
        );
        -- What is still to be done, at a start too.
        CREATE INDEX erasures_under_way ON erasures (request_time) WHERE clean_time = 0;

        -- When a reader of the feed was clean.
        CREATE TABLE erasure_reports (
          project TEXT NOT NULL,
          erasure_id TEXT NOT NULL,
          store TEXT NOT NULL,
          store_rows INTEGER NOT NULL,
          clean_time INTEGER NOT NULL,
          PRIMARY KEY (project, erasure_id, store)
        );

        -- Keyed hashes of the ids of erased records: a late resend must not bring one back.
        CREATE TABLE erased_records (
          project TEXT NOT NULL,
          record_mac BLOB NOT NULL,
          PRIMARY KEY (project, record_mac)
        );

        -- What the feed carries besides interactions and signals: tombstones (kind 2) with the
        -- sequences that left, separated by spaces, and changes of consent (kind 3). The columns
        -- of the other kind are empty or 0.
        CREATE TABLE privacy_records (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          kind INTEGER NOT NULL,
          commit_time INTEGER NOT NULL,
          erasure_id TEXT NOT NULL,
          erased_sequences TEXT NOT NULL,
          is_last INTEGER NOT NULL,
          user_pseudonym TEXT NOT NULL,
          purpose INTEGER NOT NULL,
          allowed INTEGER NOT NULL,
          event_time INTEGER NOT NULL
        );
        CREATE INDEX privacy_records_by_project ON privacy_records (project, sequence);

        -- The newest statement of a person for each purpose; stays when the person is erased.
        CREATE TABLE consents (
          project TEXT NOT NULL,
          user_pseudonym TEXT NOT NULL,
          purpose INTEGER NOT NULL,       -- flywheel.ingest.v1.Purpose
          allowed INTEGER NOT NULL,
          event_time INTEGER NOT NULL,
          PRIMARY KEY (project, user_pseudonym, purpose)
        );

        -- Whose records must be kept.
        CREATE TABLE legal_holds (
          project TEXT NOT NULL,
          user_pseudonym TEXT NOT NULL,
          reason TEXT NOT NULL,
          hold_time INTEGER NOT NULL,
          PRIMARY KEY (project, user_pseudonym)
        );
    )sql"},
    {"marks, and payloads that grow old", R"sql(
        -- Bits of why an interaction looks like no real use: bit n-1 is flywheel.ingest.v1.Noise n.
        ALTER TABLE interactions ADD COLUMN noise INTEGER NOT NULL DEFAULT 0;
        -- With which probability a record like this was kept when old ones were thinned out.
        ALTER TABLE interactions ADD COLUMN inclusion_probability REAL NOT NULL DEFAULT 1;
        -- How payload is kept (domain/payload_form.h): 0 as it is; 1 a zstd frame that needs the
        -- dictionary payload_place (0: none); 2 in the archive: in the frame payload_place, and
        -- payload is its number there and its size; 3 and 4 empty. A thinned row (3) keeps its id
        -- and hash, so that a resend is a replay, and nothing else.
        ALTER TABLE interactions ADD COLUMN payload_form INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE interactions ADD COLUMN payload_place INTEGER NOT NULL DEFAULT 0;

        -- zstd dictionaries, each made from payloads of its time; the newest of a project is used.
        -- They hold only text that stands in the records of many people.
        CREATE TABLE payload_dictionaries (
          dictionary_id INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          create_time INTEGER NOT NULL,
          dictionary BLOB NOT NULL
        );
        CREATE INDEX payload_dictionaries_by_project
          ON payload_dictionaries (project, dictionary_id);

        -- Files of the archive, known here before they exist and until they are gone. The payloads
        -- of one project; its rows have sequences from first_sequence to last_sequence.
        CREATE TABLE archive_files (
          archive_id INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          name TEXT NOT NULL,
          state INTEGER NOT NULL,         -- 0 being written, 1 in use, 2 to be removed
          first_sequence INTEGER NOT NULL,
          last_sequence INTEGER NOT NULL,
          create_time INTEGER NOT NULL
        );
        -- An erasure looks for every file that may hold a record.
        CREATE INDEX archive_files_by_project
          ON archive_files (project, first_sequence, last_sequence);

        -- Independent pieces of a file in use: one record costs one of them to read.
        CREATE TABLE archive_frames (
          frame_id INTEGER NOT NULL PRIMARY KEY,
          archive_id INTEGER NOT NULL REFERENCES archive_files (archive_id),
          frame_offset INTEGER NOT NULL,
          frame_bytes INTEGER NOT NULL
        );
        CREATE INDEX archive_frames_by_file ON archive_frames (archive_id);

        -- What is kept in the forms 1, 2 and 3, for metrics: counting would read the whole table.
        CREATE TABLE payload_totals (
          form INTEGER NOT NULL PRIMARY KEY,
          records INTEGER NOT NULL,
          payload_bytes INTEGER NOT NULL, -- as they were logged
          stored_bytes INTEGER NOT NULL
        );

        -- How far each rule of age has come, and under which terms: under others it starts anew.
        CREATE TABLE retention_progress (
          project TEXT NOT NULL,
          rule TEXT NOT NULL,
          sequence INTEGER NOT NULL,
          terms TEXT NOT NULL,
          PRIMARY KEY (project, rule)
        );
    )sql"},
    {"spans that wait for their trace", R"sql(
        -- Spans of OpenTelemetry, acknowledged, until their trace has become an interaction.
        CREATE TABLE otlp_spans (
          project TEXT NOT NULL,
          trace_id TEXT NOT NULL,         -- 32 hexadecimal digits
          identity BLOB NOT NULL,         -- 8 bytes: the span's id, or a MAC of a log record
          content BLOB NOT NULL,          -- 8 bytes of a MAC: tells a replay from a conflict
          number INTEGER NOT NULL,        -- in the order of arrival in the trace
          arrival_time INTEGER NOT NULL,
          user_pseudonym TEXT NOT NULL,   -- empty where it does not say
          payload BLOB NOT NULL,          -- opentelemetry.proto.trace.v1.ResourceSpans, redacted
          PRIMARY KEY (project, trace_id, identity)
        );
        -- Whose spans are erased.
        CREATE INDEX otlp_spans_by_user ON otlp_spans (project, user_pseudonym)
          WHERE user_pseudonym <> '';

        -- One row a trace that waits or that became interactions.
        CREATE TABLE otlp_traces (
          project TEXT NOT NULL,
          trace_id TEXT NOT NULL,
          due_time INTEGER NOT NULL,      -- when it will be complete; 0 where nothing waits
          first_arrival INTEGER NOT NULL, -- of what waits
          has_root INTEGER NOT NULL,      -- a span without a parent has come
          last_number INTEGER NOT NULL,   -- of its spans; a higher one means that more has come
          waiting_spans INTEGER NOT NULL,
          waiting_bytes INTEGER NOT NULL, -- of payloads
          parts INTEGER NOT NULL,         -- interactions that it became so far
          known_spans BLOB NOT NULL,      -- identity and content of each span of these
          PRIMARY KEY (project, trace_id)
        );
        -- The next to be assembled.
        CREATE INDEX otlp_traces_by_due_time ON otlp_traces (due_time) WHERE due_time > 0;

        -- One row a project, so that its bound costs one look.
        CREATE TABLE otlp_waiting (
          project TEXT NOT NULL PRIMARY KEY,
          spans INTEGER NOT NULL,
          bytes INTEGER NOT NULL
        );
    )sql"},
    {"STRICT tables of the record", kStrictRecordTablesSql},
    {"STRICT tables of erasures and consents", kStrictPrivacyTablesSql},
    {"STRICT tables of old payloads and waiting traces", kStrictPayloadTablesSql},
    {"erasures of sessions and interactions", kErasureSubjectsSql},
    {"messages that several turns repeat, once", kSharedMessagesSql},
    {"who did it", R"sql(
        -- Ids of keys; empty where the service had none, and before it kept them.
        ALTER TABLE erasures ADD COLUMN requested_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE consents ADD COLUMN recorded_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE legal_holds ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
    )sql"},
    {"the audit log", audit::kAuditEventsSql},
    {"scans of what is stored", kStoreScansSql},
};

}  // namespace

absl::Span<const sql::Migration> Migrations() { return kMigrations; }

}  // namespace flywheel::ingest
