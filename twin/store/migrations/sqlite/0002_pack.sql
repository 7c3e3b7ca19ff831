-- what a large revision wrote: some hundred records each, in order of id, compressed (twin/store/pack.go); a pack never changes
create table undercity_pack (number integer primary key, revision integer not null, first_id text not null, last_id text not null, count integer not null, records blob not null);
create unique index undercity_pack_ids on undercity_pack (revision, first_id, last_id);
-- the revisions that wrote packs, and between which ids
create table undercity_pack_run (revision integer primary key, first_id text not null, last_id text not null);
-- records of packs, by their place from 0, that were replaced or removed by the revision until; the pack keeps them as history
create table undercity_pack_gone (pack integer not null, position integer not null, until integer not null, removed integer not null, primary key (pack, position)) without rowid;
