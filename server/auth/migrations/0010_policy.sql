create table policy (version integer primary key, document text not null, author text not null, time integer not null);
