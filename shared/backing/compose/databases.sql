-- One database for each unit that owns one; run once by the container of PostgreSQL.
CREATE DATABASE monolith;
CREATE DATABASE submissions;
