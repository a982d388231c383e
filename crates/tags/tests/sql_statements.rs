//! The risk: one body that the grammar does not know takes the statement that it is in out of the map, and all that follow.
#![cfg(feature = "lang-sql")]

use repo_map_tags::{Language, extract};

fn sql() -> Language {
    Language::by_id("sql").expect("it is in this build")
}

/// Every definition as `line kind name`, a declaration with a `-` before.
fn definitions(source: &str) -> String {
    let tags = extract(sql(), source.as_bytes()).tags;
    let print = |definition: &repo_map_model::Definition| {
        let sign = if definition.declaration { "-" } else { "" };
        format!("{} {sign}{} {}", definition.line + 1, definition.kind.as_str(), tags.name(definition.name))
    };
    tags.definitions().iter().map(print).collect::<Vec<_>>().join(", ")
}

/// Every reference as `kind name`, sorted.
fn references(source: &str) -> String {
    let tags = extract(sql(), source.as_bytes()).tags;
    let print = |reference: &repo_map_model::Reference| {
        format!("{} {}", reference.kind.as_str(), tags.name(reference.name))
    };
    let mut all: Vec<_> = tags.references().iter().map(print).collect();
    all.sort_unstable();
    all.join(", ")
}

#[test]
fn statements_define_what_they_create() {
    for (what, source, expected) in [
        (
            "PL/pgSQL, whatever its body holds",
            "CREATE FUNCTION a.warn(x int) RETURNS void AS $$\nBEGIN\n  RAISE NOTICE '%', x;\nEXCEPTION WHEN others THEN\nEND;\n$$ LANGUAGE plpgsql;\nCREATE TABLE t (id int);\n",
            "1 function warn, 7 struct t, 7 field id",
        ),
        (
            "a tag, and another within it",
            "CREATE OR REPLACE PROCEDURE p(IN m date) LANGUAGE plpgsql AS $body$\nBEGIN EXECUTE $$CREATE TABLE no (a int)$$; END;\n$body$;\nCREATE VIEW v AS SELECT 1;",
            "1 function p, 4 class v",
        ),
        (
            "a string as a body",
            "CREATE FUNCTION f() RETURNS int AS 'BEGIN; it''s; CREATE TABLE no (a int); END;' LANGUAGE sql;\nCREATE FUNCTION g(a int) RETURNS int AS 'lib', E'g\\'s' LANGUAGE c;\nCREATE TYPE t AS ENUM ('a');",
            "1 function f, 2 function g, 3 type t",
        ),
        (
            "the standard's bodies",
            "CREATE FUNCTION f(a int) RETURNS int RETURN CASE WHEN a > 0 THEN 1 END;\nCREATE PROCEDURE p() BEGIN ATOMIC\nINSERT INTO t VALUES (1);\nSELECT CASE a WHEN 1 THEN 2 END;\nEND;\nCREATE SEQUENCE s;",
            "1 function f, 2 function p, 6 variable s",
        ),
        (
            "data of a dump",
            "COPY public.a (id) FROM stdin;\n1\tCREATE TABLE no (a int);\nit's\n\\N\n\\.\nCREATE TABLE b (id int);\nDO $$ BEGIN RAISE NOTICE 'x'; END $$;\nCREATE TABLE c (id int);\n",
            "6 struct b, 6 field id, 8 struct c, 8 field id",
        ),
        (
            "a file whose data is elsewhere",
            "COPY a FROM stdin;\nCREATE TABLE b (id int);\n",
            "2 struct b, 2 field id",
        ),
        (
            "batches",
            "CREATE PROCEDURE [dbo].[One] @a AS int = 1, @b int\nAS\nSET NOCOUNT ON;\nSELECT 1;\nBEGIN TRY\n  SELECT CASE WHEN 1 = 1 THEN 2 END\nEND TRY\nBEGIN CATCH\n  THROW\nEND CATCH\nGO\nCREATE TABLE [dbo].[Two words] ([Id] [int] IDENTITY(1,1), [Name] nvarchar(max),\n CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id]), INDEX ix (Id))\nGO\nALTER FUNCTION dbo.Three(@a int) RETURNS TABLE AS RETURN (SELECT 1 AS a)\ngo\nCREATE TABLE #none (a int)\nDECLARE @t TABLE (a int)\n",
            "1 function One, 12 struct Two words, 12 field Id, 12 field Name, 15 function Three",
        ),
        (
            "no batches, though there should be",
            "CREATE PROC One AS\n  SELECT 1\nCREATE PROC Two AS\nBEGIN\n  IF 1 = 1 BEGIN SELECT 2 END\nEND\nCREATE TRIGGER Three ON T AFTER INSERT AS BEGIN RETURN END\nCREATE TABLE Four (a int)\n",
            "1 function One, 3 function Two, 7 function Three, 8 struct Four, 8 field a",
        ),
        (
            "a delimiter",
            "DELIMITER $$\nCREATE DEFINER=`root`@`localhost` PROCEDURE `One`(IN a INT)\nBEGIN\n  IF a THEN SET @b = 'it\\'s'; END IF;\n  CREATE TEMPORARY TABLE no (a INT);\nEND$$\nCREATE TRIGGER Two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1$$\nDELIMITER ;\nCREATE TABLE `Three` (`a` int, KEY `k` (`a`), FULLTEXT KEY x (a), `key` text) ENGINE=InnoDB;\nDELIMITER //\nCREATE EVENT Four ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; END//\n",
            "2 function One, 7 function Two, 9 struct Three, 9 field a, 9 field key, 11 function Four",
        ),
        (
            "what only one server reads",
            "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`a`@`%` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 AS `a` */;\n-- CREATE TABLE no (a int);\n/* CREATE TABLE no (a int); */\n# CREATE TABLE no (a int);\nCREATE TABLE t (a int);",
            "3 class v, 7 struct t, 7 field a",
        ),
        (
            "packages",
            "CREATE OR REPLACE PACKAGE shop.cart AS\n  TYPE list IS TABLE OF int;\n  FUNCTION total(a IN int) RETURN number;\n  PROCEDURE clear;\nEND cart;\n/\nCREATE OR REPLACE PACKAGE BODY cart IS\n  CURSOR c IS SELECT 1 FROM dual;\n  PROCEDURE clear IS\n    FUNCTION inner RETURN int IS BEGIN RETURN CASE WHEN 1 = 1 THEN 1 END; END inner;\n  BEGIN\n    IF 1 = 1 THEN NULL; END IF;\n    FOR r IN c LOOP NULL; END LOOP;\n  END clear;\n  FUNCTION total(a IN int) RETURN number AS LANGUAGE JAVA NAME 'T.t()';\n  FUNCTION last RETURN int AS BEGIN RETURN 1; END;\nBEGIN\n  clear;\nEND cart;\n/\nCREATE TABLE t (a number(10));\n",
            "1 module cart, 3 -function total, 4 -function clear, 7 module cart, 9 function clear, 15 function total, 16 function last, 21 struct t, 21 field a",
        ),
        (
            "code that is chosen before it is compiled",
            "CREATE PACKAGE BODY a IS\n  PROCEDURE b IS\n  BEGIN\n    $if $$trace and 1 > 0 $then c($$plsql_line); $else NULL; $end\n  END;\n  PROCEDURE d IS BEGIN $IF $$trace $THEN NULL; $END END;\nEND;\n/\nCREATE TABLE e (f int);\n",
            "1 module a, 2 function b, 6 function d, 9 struct e, 9 field f",
        ),
        (
            "routines of Oracle beside packages",
            "CREATE FUNCTION f(a int) RETURN int IS\n  b int;\n  c varchar2(10) := q'[it's]';\nBEGIN\n  RETURN a;\nEND f;\n/\nCREATE TRIGGER g BEFORE INSERT ON t REFERENCING NEW AS n FOR EACH ROW\nDECLARE\n  b int;\nBEGIN\n  NULL;\nEND;\n/\nPROMPT it's done\nCREATE TYPE p AS OBJECT (a int, MEMBER FUNCTION m RETURN int);\n/\nBEGIN\n  EXECUTE IMMEDIATE 'CREATE TABLE no (a int)';\nEND;\n/\nCREATE SYNONYM no FOR t;\nCREATE UNIQUE INDEX i ON t (a);\n",
            "1 function f, 8 function g, 16 type p, 23 property i",
        ),
        (
            "aggregates, operators, domains, casts",
            "CREATE AGGREGATE best(int) (SFUNC = pick, STYPE = int);\nCREATE OPERATOR && (LEFTARG = box, PROCEDURE = meets);\nCREATE CAST (a AS b) WITH FUNCTION c(a);\nCREATE DOMAIN d AS int CHECK (VALUE > 0);\nCREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();\nCREATE INDEX ON t (a);\nCREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;\nCREATE SCHEMA IF NOT EXISTS s;\nCREATE SCHEMA AUTHORIZATION joe;",
            "1 function best, 4 type d, 5 function e, 8 module s",
        ),
        (
            "what a build and a client fill in",
            "\\echo Use \"CREATE EXTENSION\" to load this file. \\quit\n#include \"sqldefines.h\"\n#define A(b) \\\n  'b\nCREATE FUNCTION @extschema@.one() RETURNS int AS 'MODULE_PATHNAME' LANGUAGE c;\nCREATE TABLE :schema.two (a int);\nCREATE TABLE ${schema}.three (a int);\nCREATE TABLE $(schema).four (a int);\n",
            "5 function one, 6 struct two, 6 field a, 7 struct three, 7 field a, 8 struct four, 8 field a",
        ),
        (
            "tables that are no list of columns",
            "CREATE TABLE a PARTITION OF b FOR VALUES IN (1);\nCREATE TABLE c AS SELECT d FROM e;\nCREATE TABLE IF NOT EXISTS f (g int, LIKE h, PRIMARY KEY (g), EXCLUDE USING gist (g WITH &&), i numeric(1, 2) CHECK (i IN (1, 2)));\nCREATE UNLOGGED TABLE \"J k\" (\"L m\" int);\nCREATE MATERIALIZED VIEW n AS SELECT 1;",
            "1 struct a, 2 struct c, 3 struct f, 3 field g, 3 field i, 4 struct J k, 4 field L m, 5 class n",
        ),
        (
            "expressions as bodies",
            "CREATE MACRO one(a, b) AS a + b;\nCREATE FUNCTION two(a int64) AS (a + 1);\nCREATE TABLE t (a int);\n",
            "1 function one, 2 function two, 3 struct t, 3 field a",
        ),
    ] {
        assert_eq!(definitions(source), expected, "{what}");
    }
}

#[test]
fn bodies_tell_what_they_use() {
    for (source, expected) in [
        (
            "CREATE FUNCTION f(a numeric(1, 2)) RETURNS int AS $$\nBEGIN\n  PERFORM s.audit(a);\n  FOR r IN SELECT * FROM s.rows JOIN ids(1) i ON true LOOP END LOOP;\n  SELECT extract(day FROM at) INTO x FROM days;\n  INSERT INTO log (a) VALUES (1);\n  UPDATE stock SET a = 1 WHERE a IS DISTINCT FROM b;\n  IF (a) THEN RETURN 1; END IF;\nEND $$ LANGUAGE plpgsql;",
            "call audit, call ids, type days, type log, type rows, type stock",
        ),
        ("CREATE FUNCTION f() RETURNS int AS $$ import(x) FROM y $$ LANGUAGE plpython3u;", ""),
        (
            "CREATE PROC p AS EXEC dbo.other @a = 1; DELETE FROM [dbo].[Tab] WHERE a = fn(1)\nGO\n",
            "call fn, call other, type Tab",
        ),
        ("CREATE AGGREGATE best(int) (SFUNC = pick, STYPE = int);", "call pick"),
        (
            "CREATE TRIGGER t BEFORE INSERT ON s.rows FOR EACH ROW BEGIN CALL done(); END;",
            "call done, type rows",
        ),
        ("SELECT a(1) FROM b;", "call a, type b"),
    ] {
        assert_eq!(references(source), expected, "{source}");
    }
}

#[test]
fn signatures_end_where_bodies_begin() {
    let source = "CREATE FUNCTION f(\n  a int\n) RETURNS int\nLANGUAGE sql\nAS $$\n  SELECT 1\n$$;\n";
    let tags = extract(sql(), source.as_bytes()).tags;
    let function = &tags.definitions()[0];
    assert_eq!((function.signature.first, function.signature.last, function.end_line), (0, 3, 6));
}
