-- What a workspace keeps beside its documents, and who may do what. __SCHEMA__ is replaced by its quoted name, __SERVICE__ by the
-- quoted name of the role that may write for others.

-- Whoever owns the schema, where a role of its own does not.
create function __SCHEMA__.is_owner() returns boolean
language sql stable security definer set search_path = __SCHEMA__, pg_temp as $$
    select pg_has_role(session_user, current_user, 'member')
$$;

create function __SCHEMA__.may_write_for(p_login text) returns boolean
language sql stable security definer set search_path = __SCHEMA__, pg_temp as $$
    select p_login = session_user::text or is_owner() or exists (
        select 1 from pg_catalog.pg_roles r where r.rolname = __SERVICE__ and pg_has_role(session_user, r.oid, 'member')
    )
$$;

-- Whoever calls it keeps all other writers of the collection waiting until the end of the transaction.
create function __SCHEMA__.stand_in_line(p_collection text, p_first bigint, p_forgets boolean) returns bigint
language plpgsql security definer set search_path = __SCHEMA__, pg_temp as $$
declare
    h head%rowtype;
begin
    insert into head (collection, next, forgets) values (p_collection, p_first, p_forgets) on conflict do nothing;
    select * into h from head where collection = p_collection for update;
    return h.seq;
end
$$;

-- Of one person: drafts, read marks, what is noted for the inbox and the views, past searches, what they follow. Each change of a
-- person's notes has the next number of that person (the row of kind 'last'), so that other sessions miss none.
create table __SCHEMA__.note (
    login text not null,
    kind text not null,
    key text not null,
    value text not null default '',       -- empty: taken off
    at timestamptz not null default clock_timestamp(),
    number bigint not null,
    primary key (login, kind, key)
);
create index on __SCHEMA__.note (login, number);
create index on __SCHEMA__.note (kind, login) where kind = 'follows';
alter table __SCHEMA__.note enable row level security;
alter table __SCHEMA__.note force row level security;
create policy mine on __SCHEMA__.note
    using (login = session_user::text or __SCHEMA__.is_owner() or (kind <> 'draft' and __SCHEMA__.may_write_for(login)));
create policy followed on __SCHEMA__.note for select using (kind = 'follows');

create unlogged table __SCHEMA__.presence (
    session uuid primary key,
    login text not null,
    name text not null,
    box text not null,
    screen text not null,
    looking_at text,
    typing boolean not null,
    since timestamptz not null,
    at timestamptz not null default clock_timestamp()
);
alter table __SCHEMA__.presence enable row level security;
alter table __SCHEMA__.presence force row level security;
create policy everybody on __SCHEMA__.presence for select using (true);
create policy mine on __SCHEMA__.presence using (__SCHEMA__.may_write_for(login));

-- The files that documents name, each content once.
create table __SCHEMA__.file (
    name text primary key check (name = encode(sha256(content), 'hex')),
    content bytea not null,
    at timestamptz not null default clock_timestamp()
);
