create table unit (code text primary key, name text not null, kind text not null, phone text not null default '', created integer not null);
alter table user add column display_name text not null default '';
alter table user add column unit text references unit (code);
alter table user add column password text;
alter table user add column must_change integer not null default 0;
alter table user add column signed_in integer not null default 0;
alter table secret add column id text not null default '';
alter table secret add column name text not null default '';
alter table secret add column start text not null default '';
alter table secret add column scopes text not null default '';
alter table secret add column created integer not null default 0;
alter table secret add column used integer not null default 0;
alter table secret add column address text not null default '';
alter table secret add column agent text not null default '';
update secret set id = lower(hex(randomblob(8)));
delete from secret where kind = 'session';
create unique index secret_id on secret (id);
-- where a user has signed in from: somebody else's wrong passwords do not shut these places out
create table place (user text not null references user (name) on delete cascade, address text not null, time integer not null, primary key (user, address)) without rowid;
-- A number that goes up when somebody may have been shut out, so that a process that remembers whom it let in asks again. By triggers: no writer can forget it.
create table door (n integer not null);
insert into door (n) values (1);
create trigger door_user_changed after update of role, unit, disabled, password, must_change on user begin update door set n = n + 1; end;
create trigger door_user_removed after delete on user begin update door set n = n + 1; end;
create trigger door_secret_changed after update of hash, user, kind, until, scopes on secret begin update door set n = n + 1; end;
create trigger door_secret_removed after delete on secret begin update door set n = n + 1; end;
create trigger door_unit_changed after update on unit begin update door set n = n + 1; end;
create trigger door_unit_removed after delete on unit begin update door set n = n + 1; end;
