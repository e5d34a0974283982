-- The schema of a workspace, format 1. __SCHEMA__ is replaced by its quoted name.
-- One row of `head` a collection is the queue in which its writers stand: its number rises by one with each commit, without gaps.

create table __SCHEMA__.meta (
    the_only boolean primary key default true check (the_only),
    format integer not null,
    id uuid not null default gen_random_uuid(),
    name text not null,
    made timestamptz not null,
    moved_to text                         -- where the workspace is now; nobody writes here any more
);
-- Without its row there is no workspace yet: it is written last.

create table __SCHEMA__.head (
    collection text primary key,
    seq bigint not null default 0,        -- of the last commit
    next bigint not null,                 -- the number of the next new document
    recorded bigint not null default 0,   -- of the last commit, microseconds since 1970
    forgets boolean not null default false -- what is finished long ago is dropped, with its history
) with (fillfactor = 20);

create table __SCHEMA__.document (
    collection text not null,
    id text not null,
    key bigint not null,
    rev bigint not null,
    seq bigint not null,
    body json,                            -- null: removed; verbatim, as the files have it
    finished timestamptz,                 -- since when it wants no more work
    changed timestamptz not null,         -- the latest time of its entries
    primary key (collection, id)
) with (fillfactor = 80);
create unique index on __SCHEMA__.document (collection, seq, id);
create index on __SCHEMA__.document (collection, finished);
create index on __SCHEMA__.document (collection, key);

create table __SCHEMA__.change (
    collection text not null,
    id text not null,
    rev bigint not null,
    seq bigint not null,
    commit uuid not null,
    at timestamptz not null,
    by text not null,
    recorded bigint not null,
    recorded_by text not null default session_user,
    verb text not null,
    why text not null,
    kind text not null,
    undoes bigint,
    batch text not null,
    session text not null,
    request text not null,
    act text not null,
    clock timestamptz,                    -- what their clock said, where `at` was lifted
    signature text not null default '',   -- of what was written in a folder; here the server says who wrote
    changes json not null,
    primary key (collection, id, rev)
);
create index on __SCHEMA__.change (collection, seq);
create index on __SCHEMA__.change (id);
create index on __SCHEMA__.change (at desc, rev desc);
create index on __SCHEMA__.change (by, at desc);
create index on __SCHEMA__.change (commit);
create index on __SCHEMA__.change (collection, recorded);
create index on __SCHEMA__.change (collection, batch) where batch <> '';
create index on __SCHEMA__.change (split_part(request, ' ', 1)) where request <> '';

-- The only way to write. No row: somebody was faster, so look again and repeat. A new document gets the next number.
create function __SCHEMA__.append(
    p_collection text, p_commit uuid, p_looked bigint, p_first bigint, p_next bigint,
    p_ids text[], p_revs bigint[], p_kinds text[], p_bodies text[], p_finished timestamptz[],
    p_changes text[], p_undoes bigint[],
    p_at timestamptz, p_by text, p_verb text, p_why text, p_session text, p_request text, p_act text, p_batch text,
    p_recorded bigint, p_mine uuid[], p_forget_before timestamptz, p_rows json
) returns table (seq bigint, recorded bigint, next bigint)
language plpgsql security definer set search_path = __SCHEMA__, pg_temp as $$
#variable_conflict use_column
declare
    h head%rowtype;
    changed_id text;
    number bigint;
    numbers bigint[] := '{}';
begin
    if exists (select 1 from meta where moved_to is not null) then
        raise exception '%', (select moved_to from meta) using errcode = 'FT002';
    end if;
    if not may_write_for(p_by) then
        raise exception 'you are %, and may not write as %', session_user, p_by using errcode = '42501';
    end if;
    insert into head (collection, next, forgets) values (p_collection, p_first, p_forget_before is not null) on conflict do nothing;
    select * into h from head where collection = p_collection for update;
    if (p_looked is not null and h.seq <> p_looked) or (p_next is not null and h.next <> p_next) then
        return;
    end if;
    if exists (
        select 1 from unnest(p_ids, p_revs, p_kinds) as u(id, rev, kind)
        left join document d on (d.collection, d.id) = (p_collection, u.id)
        where coalesce(d.rev, 0) <> u.rev - 1 or (u.kind = 'made') <> (d.body is null)
    ) then
        return;
    end if;
    if p_request <> '' and exists (
        select 1 from change c where split_part(c.request, ' ', 1) = split_part(p_request, ' ', 1)
        and c.request <> '' and c.collection = p_collection and c.commit <> all (p_mine)
    ) then
        raise exception 'repeated request' using errcode = 'FT001';
    end if;
    h.seq := h.seq + 1;
    h.recorded := greatest(p_recorded, h.recorded + 1);
    foreach changed_id in array p_ids loop
        select key into number from document where (collection, id) = (p_collection, changed_id);
        if number is null then
            number := h.next;
            h.next := h.next + 1;
        end if;
        numbers := numbers || number;
    end loop;
    update head set seq = h.seq, next = h.next, recorded = h.recorded where collection = p_collection;
    insert into change
    select p_collection, u.id, u.rev, h.seq, p_commit,
           greatest(p_at, c.at), p_by, h.recorded, session_user, p_verb, p_why, u.kind, u.undoes, p_batch,
           p_session, p_request, p_act, case when c.at > p_at then p_at end, '', u.changes::json
    from unnest(p_ids, p_revs, p_kinds, p_undoes, p_changes) as u(id, rev, kind, undoes, changes)
    left join change c on (c.collection, c.id, c.rev) = (p_collection, u.id, u.rev - 1);
    insert into document as d
    select p_collection, u.id, u.key, u.rev, h.seq, u.body::json, u.finished, p_at
    from unnest(p_ids, numbers, p_revs, p_bodies, p_finished) as u(id, key, rev, body, finished)
    on conflict (collection, id) do update
    set rev = excluded.rev, seq = excluded.seq, body = excluded.body, finished = excluded.finished,
        changed = greatest(d.changed, excluded.changed);
    if p_rows is not null then
        perform keep_rows(p_collection, p_ids, p_rows);
    end if;
    if p_forget_before is not null and h.forgets then
        delete from change c using document d
        where d.collection = p_collection and d.finished < p_forget_before and (c.collection, c.id) = (d.collection, d.id);
        delete from document d where d.collection = p_collection and d.finished < p_forget_before;
    end if;
    return query select h.seq, h.recorded, h.next;
end
$$;
