create table trail (number integer primary key, time integer not null, user text not null, role text not null, address text not null, action text not null, route text not null,
	targets text not null, more integer not null, status integer not null, begun integer not null, detail text not null, previous blob not null, hash blob not null);
create index trail_user on trail (user, number);
create index trail_action on trail (action, number);
create index trail_begun on trail (begun) where begun > 0;
-- which entries name an object: follows from trail.targets, and is found by
create table trail_target (target text not null, number integer not null references trail (number), primary key (target, number)) without rowid;
create trigger trail_update before update on trail begin select raise(abort, 'the audit log takes no changes'); end;
create trigger trail_delete before delete on trail begin select raise(abort, 'the audit log takes no changes'); end;
create trigger trail_insert before insert on trail when new.number <> (select coalesce(max(number), 0) + 1 from trail) begin select raise(abort, 'the audit log takes entries at its end alone'); end;
create trigger trail_target_update before update on trail_target begin select raise(abort, 'the audit log takes no changes'); end;
create trigger trail_target_delete before delete on trail_target begin select raise(abort, 'the audit log takes no changes'); end;
