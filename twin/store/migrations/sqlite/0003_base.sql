-- the base data (twin/startcodec.go), behind one byte for the version of its form; of a file of before it is JSON under the key "base" of undercity_meta
create table undercity_base (number integer primary key check (number = 1), data blob not null);
