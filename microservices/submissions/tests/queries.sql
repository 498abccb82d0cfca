-- DELETE /submissions/{id}
SAVEPOINT "s";
SELECT … FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID) ORDER BY "submissions_submission"."id" ASC LIMIT 1 FOR UPDATE;
DELETE FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);
INSERT INTO "submissions_objectremoval" … ON CONFLICT DO NOTHING;
RELEASE SAVEPOINT "s";
DELETE FROM "submissions_objectremoval" WHERE ("submissions_objectremoval"."remove_after" <= NOW AND "submissions_objectremoval"."submission_id" = ID);

-- GET /submissions
SELECT … FROM "submissions_submission" WHERE (("submissions_submission"."account_id", "submissions_submission"."id") < (ID, ID) AND "submissions_submission"."account_id" >= ID) ORDER BY "submissions_submission"."account_id" DESC, "submissions_submission"."id" DESC LIMIT 21;

-- GET /submissions/{id}
SELECT … FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- GET /submissions/{id}/image
SELECT … FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- GET /submissions/{id}/result
SELECT … FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- POST /submissions
SELECT COUNT(*) FROM submissions_submission
WHERE account_id = ID AND state IN ('pending', 'processing');
WITH submission AS (INSERT INTO "submissions_submission" … INSERT INTO "submissions_outboxmessage" … RETURNING id;

-- POST /submissions with a key
SELECT … FROM "submissions_idempotencykey" WHERE ("submissions_idempotencykey"."account_id" = ID AND "submissions_idempotencykey"."created_at" > NOW AND "submissions_idempotencykey"."key" = 'k') ORDER BY "submissions_idempotencykey"."id" ASC LIMIT 1;
SELECT COUNT(*) FROM submissions_submission
WHERE account_id = ID AND state IN ('pending', 'processing');
SAVEPOINT "s";
SELECT pg_try_advisory_xact_lock(N);
SELECT … FROM "submissions_idempotencykey" WHERE ("submissions_idempotencykey"."account_id" = ID AND "submissions_idempotencykey"."created_at" > NOW AND "submissions_idempotencykey"."key" = 'k') ORDER BY "submissions_idempotencykey"."id" ASC LIMIT 1;
WITH submission AS (INSERT INTO "submissions_submission" … INSERT INTO "submissions_outboxmessage" … RETURNING id;
INSERT INTO "submissions_idempotencykey" … ON CONFLICT("account_id", "key") DO UPDATE SET "fingerprint" = EXCLUDED."fingerprint", "answer" = EXCLUDED."answer", "created_at" = EXCLUDED."created_at" RETURNING "submissions_idempotencykey"."id";
RELEASE SAVEPOINT "s";

-- an attempt
UPDATE submissions_submission
SET state = 'processing', started_at = NOW, lease_expires_at = NOW
WHERE id = ID AND attempt = N AND state = 'pending';
UPDATE submissions_submission
SET state = 'succeeded', detection_count = N,
    result_bucket = 'results', result_key = 'results/ID.json',
    image_media_type = 'image/gif', image_bytes = N,
    lease_expires_at = NULL, completed_at = NOW, started_at = COALESCE(started_at, NOW)
WHERE id = ID AND attempt = N AND state IN ('pending', 'processing')
RETURNING *;
