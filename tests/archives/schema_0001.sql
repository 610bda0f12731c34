BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE articles (
	id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	alternate_of TEXT, 
	added_at TEXT NOT NULL, 
	removed_at TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(alternate_of) REFERENCES articles (id)
);
INSERT INTO "articles" VALUES('a1',2,NULL,'2026-11-24T12:00:00+00:00',NULL);
INSERT INTO "articles" VALUES('a2',1,NULL,'2026-11-24T12:00:00+00:00',NULL);
INSERT INTO "articles" VALUES('b2',1,'a2','2026-11-24T12:00:00+00:00',NULL);
INSERT INTO "articles" VALUES('gone',1,NULL,'2026-11-24T12:00:00+00:00','2026-11-24T12:00:00+00:00');
CREATE TABLE chunks (
	id TEXT NOT NULL, 
	article TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text_hash TEXT NOT NULL, 
	indexed_in TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(article, revision) REFERENCES revisions (article, revision)
);
INSERT INTO "chunks" VALUES('a1:2:0','a1',2,0,0,20,'47b3865d6dd546853f48f08e61e0bef7f47d4e09065048a49d02e517fc51e7e3',NULL);
INSERT INTO "chunks" VALUES('a2:1:0','a2',1,0,0,11,'593fb510e8f10daa67f3022d1fdb74972f135e92f395ad5c7ffb37384805d54d',NULL);
INSERT INTO "chunks" VALUES('a2:1:1','a2',1,1,12,32,'269ee246647ba678f17013d2e07d097c2df1488eaae00e8734f264518e7d04e6',NULL);
INSERT INTO "chunks" VALUES('a2:1:2','a2',1,2,34,40,'ac6958edbe0d738b69dcfdeee7f78ccbfaf0a9ce5f649fba3eb4d9d4f4491319',NULL);
CREATE TABLE keyword_chunks (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL, outlet TEXT,
        published INTEGER, published_until INTEGER);
INSERT INTO "keyword_chunks" VALUES(2,'a1:2:0','a1',NULL,NULL,NULL);
INSERT INTO "keyword_chunks" VALUES(3,'a2:1:0','a2','The Gazette',1777620601,1777620602);
INSERT INTO "keyword_chunks" VALUES(4,'a2:1:1','a2','The Gazette',1777620601,1777620602);
INSERT INTO "keyword_chunks" VALUES(5,'a2:1:2','a2','The Gazette',1777620601,1777620602);
CREATE TABLE revisions (
	article TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	outlet TEXT, 
	author TEXT, 
	url TEXT, 
	published TEXT, 
	precision TEXT NOT NULL, 
	published_from INTEGER, 
	published_until INTEGER, 
	retrieved TEXT, 
	language TEXT, 
	address TEXT NOT NULL, 
	guessed TEXT NOT NULL, 
	text_hash TEXT NOT NULL, 
	added_at TEXT NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (article, revision), 
	FOREIGN KEY(article) REFERENCES articles (id)
);
INSERT INTO "revisions" VALUES('a1',1,'A launch fails',NULL,NULL,NULL,NULL,'time',NULL,NULL,NULL,NULL,'','','388bba351a220730649b4acc2d2ea6c26ac36327c3df07097c10526eda373c1a','2026-11-24T12:00:00+00:00','The rocket fell. Nobody was hurt.');
INSERT INTO "revisions" VALUES('a1',2,'A launch fails',NULL,NULL,NULL,NULL,'time',NULL,NULL,NULL,NULL,'','','b58f384cbb29542bd3a565a1160ce15418a4cacf06e653126b2d8291eb2918ef','2026-11-24T12:00:00+00:00','The rocket exploded.');
INSERT INTO "revisions" VALUES('a2',1,'Überraschung “heute” 🚀','The Gazette','A. Writer','https://example.org/a?b=1','2026-05-01T09:30:01.000005+02:00','time',1777620601,1777620602,'2026-11-24T12:00:00+00:00','de','folder/a.txt','outlet title','0ad00e90e00f41c23b5fdede0c049152ceb26903c668cc78a74db394648efe1e','2026-11-24T12:00:00+00:00','First line.
Second  line with 🚀.

Third.');
INSERT INTO "revisions" VALUES('b2',1,'Elsewhere','The Gazette','A. Writer','https://example.org/a?b=1','2026-05-01T09:30:01.000005+02:00','time',1777620601,1777620602,'2026-11-24T12:00:00+00:00','de','folder/a.txt','outlet title','0ad00e90e00f41c23b5fdede0c049152ceb26903c668cc78a74db394648efe1e','2026-11-24T12:00:00+00:00','First line.
Second  line with 🚀.

Third.');
CREATE TABLE vectors (
	text_hash TEXT NOT NULL, 
	model TEXT NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (text_hash, model)
);
CREATE INDEX articles_alternate_of ON articles (alternate_of);
CREATE INDEX revisions_text_hash ON revisions (text_hash);
CREATE INDEX revisions_published_from ON revisions (published_from);
CREATE INDEX chunks_article ON chunks (article, revision);
CREATE INDEX chunks_text_hash ON chunks (text_hash);
CREATE INDEX keyword_chunks_article ON keyword_chunks (article);
CREATE VIRTUAL TABLE keyword_text USING fts5(
        title, text, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO keyword_text (rowid, title, text) VALUES (2, 'A launch fails', 'The rocket exploded.');
INSERT INTO keyword_text (rowid, title, text) VALUES (3, 'Überraschung “heute” 🚀', 'First line.');
INSERT INTO keyword_text (rowid, title, text) VALUES (4, 'Überraschung “heute” 🚀', 'Second  line with 🚀.');
INSERT INTO keyword_text (rowid, title, text) VALUES (5, 'Überraschung “heute” 🚀', 'Third.');
COMMIT;
