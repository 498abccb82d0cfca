-- A database for each unit that owns one, and a role that may connect to it and to no other. Run once by the container
-- of PostgreSQL, with the passwords in its environment.
\getenv monolith_password MONOLITH_DATABASE_PASSWORD
\getenv submissions_password SUBMISSIONS_DATABASE_PASSWORD
CREATE ROLE monolith LOGIN PASSWORD :'monolith_password';
CREATE ROLE submissions LOGIN PASSWORD :'submissions_password';
CREATE DATABASE monolith OWNER monolith;
CREATE DATABASE submissions OWNER submissions;
REVOKE CONNECT, TEMPORARY ON DATABASE monolith, submissions, postgres, template1 FROM PUBLIC;
