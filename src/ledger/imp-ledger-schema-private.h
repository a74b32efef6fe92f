/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#define IMP_LEDGER_APPLICATION_ID 0x496d704c  /* "ImpL" */
#define IMP_LEDGER_SCHEMA_VERSION 2

#define IMP_LEDGER_HOUR (60 * 60 * 1000)  /* ms */

/* A write's place is its leaf's sequence and its number in that leaf, so that the writes of a leaf
 * stand together and the newest value of a key has the highest place.
 */
#define IMP_LEDGER_WRITE_BITS 8
#define IMP_LEDGER_MAX_WRITES (1 << IMP_LEDGER_WRITE_BITS)

/*
 * leaves        what is hashed, and the only source of all the rest
 * transactions  what a page shows of a leaf, and what it is looked up by
 * state         every value that a key ever had; the newest is the one that counts
 * nodes         every full node of the tree, level 0 the leaves: whole tiles can be read from it
 * checkpoints   the signed head; rows of older sizes may stay for a witness's sake
 * hours         the first and the last sequence of every hour since 1970 in which any was recorded
 * search        trigrams of transactions, brought up to date a little later ("indexed" in settings)
 */
#define IMP_LEDGER_SCHEMA_HOURS \
  "CREATE TABLE hours (hour INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;"

#define IMP_LEDGER_SCHEMA \
  "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;" \
  "CREATE TABLE leaves (sequence INTEGER PRIMARY KEY, leaf TEXT NOT NULL) STRICT;" \
  "CREATE TABLE transactions (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE," \
  " time INTEGER NOT NULL, contract TEXT NOT NULL, function TEXT NOT NULL, creator TEXT NOT NULL," \
  " author TEXT, class TEXT, version TEXT, cid TEXT) STRICT;" \
  "CREATE INDEX transactions_contract ON transactions (contract);" \
  "CREATE INDEX transactions_author ON transactions (author) WHERE author IS NOT NULL;" \
  "CREATE INDEX transactions_class ON transactions (class) WHERE class IS NOT NULL;" \
  "CREATE INDEX transactions_version ON transactions (version, class) WHERE version IS NOT NULL;" \
  "CREATE INDEX transactions_cid ON transactions (cid) WHERE cid IS NOT NULL;" \
  "CREATE TABLE state (place INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL) STRICT;" \
  "CREATE INDEX state_key ON state (key);" \
  "CREATE TABLE nodes (level INTEGER NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL," \
  " PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID;" \
  "CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note TEXT NOT NULL) STRICT;" \
  IMP_LEDGER_SCHEMA_HOURS \
  "CREATE VIRTUAL TABLE search USING fts5 (text, content='', detail='none', tokenize='trigram');"
