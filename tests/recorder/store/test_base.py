"""A class of columns is a table: what it gets from the class, and how queries take it."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    Column,
    ColumnClause,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Text,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from recorder.store.base import Base

OWN = MetaData(naming_convention=Base.metadata.naming_convention)
"""Not the store's: its tables are compared with what migrations make."""


class ShelfRow(Base):
    metadata = OWN
    __tablename__ = "shelves"

    room: ColumnClause[str] = Column(String(8), primary_key=True)
    number: ColumnClause[int] = Column(Integer, primary_key=True)
    label: ColumnClause[str] = Column(Text, index=True)
    owner: ColumnClause[str | None] = Column(Text)


class BookRow(Base):
    metadata = OWN
    __tablename__ = "books"
    __table_args__ = (ForeignKeyConstraint(["room", "shelf"], ["shelves.room", "shelves.number"]),)

    id: ColumnClause[int] = Column(Integer, primary_key=True)
    shelf: ColumnClause[int] = Column(Integer)
    room: ColumnClause[str] = Column(String(8))


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    OWN.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_columns_keep_their_names_and_their_order() -> None:
    assert ShelfRow.__table__.columns.keys() == ["room", "number", "label", "owner"]
    assert [each.name for each in BookRow.__table__.columns] == ["id", "shelf", "room"]


def test_a_column_may_be_null_where_its_type_says_none() -> None:
    may = {each.name for each in ShelfRow.__table__.columns if each.nullable}
    assert may == {"owner"}


def test_constraints_and_indexes_are_named_by_the_convention() -> None:
    assert {each.name for each in ShelfRow.__table__.indexes} == {"ix_shelves_label"}
    names = {each.name for each in BookRow.__table__.constraints}
    assert names == {"pk_books", "fk_books_room_shelves"}


def test_statements_take_the_class_for_its_table(connection) -> None:
    connection.execute(insert(ShelfRow), [{"room": "a", "number": n, "label": "x"} for n in (1, 2)])
    connection.execute(insert(BookRow).values(id=7, room="a", shelf=2))
    connection.execute(update(ShelfRow).where(ShelfRow.number == 2).values(owner="ada"))
    joined = select(ShelfRow.owner).join(BookRow, BookRow.shelf == ShelfRow.number)
    assert connection.execute(joined).all() == [("ada",)]
    connection.execute(delete(BookRow).where(BookRow.room == "a"))
    assert connection.scalar(select(func.count()).select_from(BookRow)) == 0
    with pytest.raises(IntegrityError):
        connection.execute(insert(ShelfRow).values(room="a", number=3))
