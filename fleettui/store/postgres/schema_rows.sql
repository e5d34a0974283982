-- Beside the documents of a collection that has rows, written in the transaction of the change: what lists, searches and what
-- arrives need, so that a session reads no document that nobody looks at. All of it can be made anew from the documents.

create table __SCHEMA__.row (
    collection text not null,
    id text not null,
    key bigint not null,                  -- as in `document`
    version text not null,                -- of the facts: those of another fleettui are made anew from the document
    facts json not null,
    customer_id text,                     -- two of the facts, where there are such
    assignee text,
    opened timestamptz,
    finished timestamptz not null,        -- infinity: it is not
    last timestamptz not null,            -- infinity, or the later one of when it was finished and changed
    primary key (collection, id)
) with (fillfactor = 80);
create index on __SCHEMA__.row (collection, last);
create index on __SCHEMA__.row (collection, finished, key);
create index on __SCHEMA__.row (customer_id);
create index on __SCHEMA__.row (assignee);

create table __SCHEMA__.words (
    collection text not null,
    id text not null,
    hay text not null,                    -- all that a search looks into, in small letters as Python makes them
    primary key (collection, id)
);

create table __SCHEMA__.keyed (
    collection text not null,
    key text not null,
    id text not null,
    primary key (collection, key, id)
);
create index on __SCHEMA__.keyed (collection, id);

-- Part of `append`, and for whoever makes all of it anew. `p_rows`: of documents that are there.
create function __SCHEMA__.keep_rows(p_collection text, p_ids text[], p_rows json) returns void
language plpgsql set search_path = __SCHEMA__, pg_temp as $$
begin
    delete from keyed where collection = p_collection and id = any (p_ids);
    delete from row r using document d
    where r.collection = p_collection and r.id = any (p_ids) and (d.collection, d.id) = (r.collection, r.id) and d.body is null;
    delete from words w using document d
    where w.collection = p_collection and w.id = any (p_ids) and (d.collection, d.id) = (w.collection, w.id) and d.body is null;
    insert into row
    select p_collection, d.id, d.key, u.version, u.facts::json, u.customer_id, u.assignee, u.opened,
           coalesce(d.finished, 'infinity'), greatest(coalesce(d.finished, 'infinity'), d.changed)
    from json_to_recordset(p_rows)
        as u(id text, version text, facts text, customer_id text, assignee text, opened timestamptz)
    join document d on (d.collection, d.id) = (p_collection, u.id)
    on conflict (collection, id) do update
    set version = excluded.version, facts = excluded.facts, customer_id = excluded.customer_id, assignee = excluded.assignee,
        opened = excluded.opened, finished = excluded.finished, last = excluded.last;
    insert into words
    select p_collection, u.id, u.hay from json_to_recordset(p_rows) as u(id text, hay text)
    on conflict (collection, id) do update set hay = excluded.hay where words.hay <> excluded.hay;
    insert into keyed
    select distinct p_collection, k.key, u.id
    from json_to_recordset(p_rows) as u(id text, keys json), json_array_elements_text(u.keys) as k(key);
end
$$;
