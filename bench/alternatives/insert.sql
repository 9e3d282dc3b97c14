INSERT INTO interactions
  (interaction_id, session_id, user_id, agent, model_version, start_time, input, output)
VALUES
  (gen_random_uuid()::text, gen_random_uuid()::text, 'u_0123456789abcdef0123456789abcdef',
   'bench', 'v1', now(), :input, :output);
