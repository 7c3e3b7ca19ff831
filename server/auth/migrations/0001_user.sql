create table user (name text primary key, role text not null, disabled integer not null default 0, created integer not null);
create table secret (hash blob primary key, user text not null references user (name), kind text not null, until integer not null) without rowid;
create index secret_user on secret (user);
create table audit (id integer primary key autoincrement, time integer not null, user text not null, action text not null, target text not null, status integer not null);
