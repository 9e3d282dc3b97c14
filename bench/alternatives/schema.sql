-- What a team has that stores interactions in PostgreSQL itself.
CREATE TABLE interactions (
  interaction_id text PRIMARY KEY,
  session_id text NOT NULL,
  user_id text NOT NULL,
  agent text NOT NULL,
  model_version text NOT NULL,
  start_time timestamptz NOT NULL,
  input text NOT NULL,
  output text NOT NULL
);
