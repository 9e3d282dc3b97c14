#include "ingest_service/store/migrations.h"

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
};

}  // namespace

absl::Span<const sql::Migration> Migrations() { return kMigrations; }

}  // namespace flywheel::ingest
