-- DELETE /submissions/{id}
SAVEPOINT "s";
SELECT … FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID) ORDER BY "submissions_submission"."id" ASC LIMIT 1 FOR UPDATE;
DELETE FROM "submissions_submission" WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);
SELECT … FROM "recognition_recognition" WHERE "recognition_recognition"."id" = N;
SELECT … FROM "submissions_submission" WHERE "submissions_submission"."recognition_id" IN (N);
DELETE FROM "recognition_detection" WHERE "recognition_detection"."recognition_id" IN (N);
DELETE FROM "recognition_recognition" WHERE "recognition_recognition"."id" IN (N);
INSERT INTO "submissions_objectremoval" … ON CONFLICT DO NOTHING;
RELEASE SAVEPOINT "s";
DELETE FROM "submissions_objectremoval" WHERE ("submissions_objectremoval"."remove_after" <= NOW AND "submissions_objectremoval"."submission_id" = ID);

-- GET /submissions
SELECT … FROM "submissions_submission" LEFT OUTER JOIN "recognition_recognition" ON ("submissions_submission"."recognition_id" = "recognition_recognition"."id") WHERE (("submissions_submission"."account_id", "submissions_submission"."id") < (ID, ID) AND "submissions_submission"."account_id" >= ID) ORDER BY "submissions_submission"."account_id" DESC, "submissions_submission"."id" DESC LIMIT 21;

-- GET /submissions/{id}
SELECT … FROM "submissions_submission" LEFT OUTER JOIN "recognition_recognition" ON ("submissions_submission"."recognition_id" = "recognition_recognition"."id") WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- GET /submissions/{id}/image
SELECT … FROM "submissions_submission" LEFT OUTER JOIN "recognition_recognition" ON ("submissions_submission"."recognition_id" = "recognition_recognition"."id") WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- GET /submissions/{id}/result
SELECT … FROM "submissions_submission" LEFT OUTER JOIN "recognition_recognition" ON ("submissions_submission"."recognition_id" = "recognition_recognition"."id") WHERE ("submissions_submission"."account_id" = ID AND "submissions_submission"."id" = ID);

-- POST /submissions
SELECT COUNT(*) FROM submissions_submission
WHERE account_id = ID AND state IN ('pending', 'processing');
INSERT INTO "submissions_submission" … RETURNING "submissions_submission"."postponements";

-- POST /submissions with a key
SELECT … FROM "submissions_idempotencykey" WHERE ("submissions_idempotencykey"."account_id" = ID AND "submissions_idempotencykey"."created_at" > NOW AND "submissions_idempotencykey"."key" = 'k') ORDER BY "submissions_idempotencykey"."id" ASC LIMIT 1;
SELECT COUNT(*) FROM submissions_submission
WHERE account_id = ID AND state IN ('pending', 'processing');
SAVEPOINT "s";
SELECT pg_try_advisory_xact_lock(N);
SELECT … FROM "submissions_idempotencykey" WHERE ("submissions_idempotencykey"."account_id" = ID AND "submissions_idempotencykey"."created_at" > NOW AND "submissions_idempotencykey"."key" = 'k') ORDER BY "submissions_idempotencykey"."id" ASC LIMIT 1;
INSERT INTO "submissions_submission" … RETURNING "submissions_submission"."postponements";
INSERT INTO "submissions_idempotencykey" … ON CONFLICT("account_id", "key") DO UPDATE SET "fingerprint" = EXCLUDED."fingerprint", "answer" = EXCLUDED."answer", "created_at" = EXCLUDED."created_at" RETURNING "submissions_idempotencykey"."id";
RELEASE SAVEPOINT "s";

-- an attempt
UPDATE submissions_submission
SET state = 'processing', started_at = NOW, lease_expires_at = NOW
WHERE id = ID AND attempt = N
    AND (state = 'pending' OR (state = 'processing' AND started_at = NOW))
RETURNING *;
SAVEPOINT "s";
INSERT INTO "recognition_recognition" … RETURNING "recognition_recognition"."id";
INSERT INTO "recognition_detection" … RETURNING "recognition_detection"."id";
UPDATE submissions_submission
SET state = 'succeeded', recognition_id = N,
    image_media_type = 'image/jpeg', image_bytes = N,
    lease_expires_at = NULL, completed_at = NOW
WHERE id = ID AND attempt = N AND state = 'processing'
RETURNING *;
RELEASE SAVEPOINT "s";
