"""Who wrote what is decided by the database: nobody writes as somebody else, and nobody alters what was recorded."""

# ruff: noqa: S608  what an attacker would type

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Unusable
from fleettui.workspace import place_at
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.database_shell import box
from tests.support.postgres_server import server
from tests.workspace.database.conftest import clock


@pytest.fixture
def roles(ours: DatabaseAddress) -> Iterator[dict[str, DatabaseAddress]]:
    """Two people of the team, each with a role of the database."""
    logins = [f"kathy_{ours.schema}", f"alex_{ours.schema}"]
    team = sql.Identifier(f"{ours.schema}_team")
    with psycopg.connect(ours.conninfo, autocommit=True) as connection:
        for login in logins:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(login)))
            connection.execute(sql.SQL("grant {} to {}").format(team, sql.Identifier(login)))
    made = workspace_at(place_at(ours), clock(), "kathy")
    for login in logins:
        made.people.add(login)
    made.close()
    yield {login: server().address(ours.schema, login) for login in logins}
    with psycopg.connect(ours.conninfo, autocommit=True) as connection:
        for login in logins:
            connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(login)))
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(login)))


def opened(roles: dict[str, DatabaseAddress], login: str) -> Workspace:
    workspace = workspace_at(place_at(roles[login]), clock(), login, in_app=True)
    workspace.load()
    return workspace


def test_a_person_does_all_of_a_days_work_with_the_rights_of_the_team(
    roles: dict[str, DatabaseAddress],
) -> None:
    kathy, alex = (opened(roles, login) for login in roles)
    ticket = kathy.tickets.new("Acme", "It fails")
    kathy.tickets.take(ticket.id)
    kathy.presence.enter()
    kathy.drafts.keep(ticket.id, "Dear")
    kathy.services.read_marks.look(ticket.id, 2)
    kathy.services.notebook("inbox").note([("followed:x", "1")])
    kathy.services.follow_lists.publish(kathy.session.login, {ticket.id: 1})
    name = kathy.services.kept_files.keep(b"log")
    kathy.refresh()
    assert {"tickets", "presence"} <= alex.refresh()
    assert [visitor.login for visitor in alex.presence.here()] == [kathy.session.login]
    assert alex.services.kept_files.read(name) == b"log" and alex.drafts.texts() == {}
    assert alex.services.follow_lists.all() == {kathy.session.login: {ticket.id: 1}}
    alex.store.revert(TICKETS, ticket.id, 2, alex.session.stamp("undo"))
    kathy.refresh()
    assert kathy.tickets.find(ticket.id).assignee == ""
    for workspace in (kathy, alex):
        workspace.close()


def test_whom_the_database_knows_by_another_name_is_refused(roles: dict[str, DatabaseAddress]) -> None:
    (kathy, alex) = roles
    with pytest.raises(Unusable, match=f"you are {alex} here, the database knows you as {kathy}"):
        place_at(roles[kathy]).open(alex, clock())


def test_no_sql_of_a_person_writes_as_somebody_else_or_alters_what_was_recorded(
    roles: dict[str, DatabaseAddress], ours: DatabaseAddress
) -> None:
    kathy, alex = roles
    workspace = opened(roles, kathy)
    ticket = workspace.tickets.new("Acme", "It fails")
    workspace.drafts.keep(ticket.id, "of mine")
    workspace.refresh()
    workspace.close()
    append = (
        "select * from append('tickets', gen_random_uuid(), null, 1, null, array['{id}'], array[2]::bigint[], "
        "array['changed'], array['{{}}'], array[null]::timestamptz[], array['[]'], array[null]::bigint[], now(), "
        "'{by}', 'x', '', '', '', '', '', 1, array[]::uuid[], {forget}, '[]')"
    )
    refused = [
        append.format(id=ticket.id, by=kathy, forget="null"),
        append.format(id=ticket.id, by="anybody", forget="null"),
        "update change set by = 'somebody'",
        "delete from change",
        "insert into change select * from change",
        "update document set body = '{}'",
        "delete from document",
        "update head set seq = 0",
        "truncate change",
        f"set role {ours.schema}_owner",
        f"set role {ours.schema}_service",
        f"set session authorization {kathy}",
        "update meta set format = 2",
        "alter table note disable row level security",
        "create or replace function may_write_for(p_login text) returns boolean language sql as 'select true'",
        f"insert into note (login, kind, key, number) values ('{kathy}', 'draft', 'x', 1)",
        "insert into presence (session, login, name, box, screen, typing, since) "
        f"values (gen_random_uuid(), '{kathy}', '', '', '', false, now())",
        "drop table change",
    ]
    address = roles[alex]
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("set search_path to {}").format(sql.Identifier(address.schema)))
        recorded = connection.execute(
            "select collection, id, rev, by, recorded_by from change order by 1, 2, 3"
        ).fetchall()
        for statement in refused:
            with pytest.raises(psycopg.Error) as error:
                connection.execute(statement.encode())
            assert error.value.sqlstate == "42501", (statement, error.value)
        # What is not refused reaches nothing: another's drafts are not there, and only what is to be forgotten is.
        assert connection.execute("select count(*) from note where kind = 'draft'").fetchone() == (0,)
        assert connection.execute(b"update note set value = 'x' where kind = 'draft'").rowcount == 0
        assert connection.execute(b"delete from note where kind = 'draft'").rowcount == 0
        connection.execute(append.format(id=ticket.id, by=alex, forget="now() + interval '1 year'").encode())
        now = connection.execute(
            "select collection, id, rev, by, recorded_by from change order by 1, 2, 3"
        ).fetchall()
    assert [row for row in now if row not in recorded] == [("tickets", ticket.id, 2, alex, alex)]
    assert [row for row in recorded if row not in now] == []


def test_the_statements_for_somebody_new_let_them_in(ours: DatabaseAddress, tmp_path: Path) -> None:
    login = f'dora"{ours.schema}'
    statements = box(tmp_path / "box", ours).json("people", "role", login)["statements"]
    quoted = sql.Identifier(login)
    with psycopg.connect(ours.conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        member = "select pg_has_role(%s, %s, 'member')"
        assert connection.execute(member, (login, f"{ours.schema}_team")).fetchone() == (True,)
        connection.execute(sql.SQL("drop role {}").format(quoted))
