"""What the tables' classes are made of: columns under names, without SQLAlchemy's ORM.

No objects of rows are made anywhere, queries are over columns. Importing the ORM and mapping these
classes with it takes a third as long again as loading all else that the tables need, and whoever
opens the store would wait for it.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Column, Constraint, MetaData, Table


class Base:
    """One table: a class's columns in their order, NOT NULL unless a type ends with ``| None``.

    A column is written as ``name: ColumnClause[str] = Column(String(16))``: of `Column` itself type
    checkers know nothing in a class that is not SQLAlchemy's. SQLAlchemy takes the class for the
    table in ``insert``, ``update``, ``delete`` and joins; what all columns are read from is
    ``__table__``.
    """

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    """Of the whole store; names of constraints are fixed for migrations."""

    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[Constraint, ...]] = ()
    """Constraints over several columns."""
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        columns = {name: each for name, each in vars(cls).items() if isinstance(each, Column)}
        for name, column in columns.items():
            column.name = column.key = name
            column.nullable = str(cls.__annotations__[name]).endswith("| None]")
        cls.__table__ = Table(
            cls.__tablename__, cls.metadata, *columns.values(), *cls.__table_args__
        )

    @classmethod
    def __clause_element__(cls) -> Table:
        return cls.__table__
