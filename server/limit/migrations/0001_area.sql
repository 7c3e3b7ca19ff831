create table area (user text not null, day text not null, cells blob not null, primary key (user, day)) without rowid;
