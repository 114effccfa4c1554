/** Claims the notifications longest due: `$1` at most, `$2` milliseconds of lease. */
export const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT id
      FROM notification
     WHERE state IN ('queued', 'sending')
       AND due_at <= now()
     ORDER BY due_at
     LIMIT $1
       FOR UPDATE SKIP LOCKED
  )
  UPDATE notification
     SET state = 'sending',
         attempts = attempts + 1,
         due_at = now() + make_interval(secs => $2 / 1000.0)
    FROM due
   WHERE notification.id = due.id
  RETURNING notification.id, recipient, subject, body, attempts`;

/** Settles attempts: ids, attempts, states, delays in milliseconds until the next attempt, errors. */
export const SETTLE = `
  UPDATE notification
     SET state = outcome.state,
         sent_at = CASE WHEN outcome.state = 'sent' THEN now() END,
         due_at = now() + make_interval(secs => outcome.delay_ms / 1000.0),
         last_error = outcome.error
    FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::text[])
         AS outcome (id, attempts, state, delay_ms, error)
   WHERE notification.id = outcome.id
     AND CASE WHEN outcome.state = 'sent' THEN notification.state <> 'sent'
              ELSE notification.state = 'sending' AND notification.attempts = outcome.attempts END`;

/** Gives back what was claimed but not tried: ids and attempts. */
export const RELEASE = `
  UPDATE notification
     SET state = 'queued', attempts = notification.attempts - 1, due_at = now()
    FROM unnest($1::uuid[], $2::integer[]) AS claimed (id, attempts)
   WHERE notification.id = claimed.id
     AND notification.state = 'sending'
     AND notification.attempts = claimed.attempts`;
