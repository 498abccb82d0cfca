-- The database of the unit that owns one, and a role that may connect to it and to no other. Run once by the container of
-- PostgreSQL, with the name and the password in its environment.
\getenv name UNIT_DATABASE
\getenv password UNIT_DATABASE_PASSWORD
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name", postgres, template1 FROM PUBLIC;
