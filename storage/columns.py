"""Kinds of columns that both engines keep and sort alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Integer, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as whole microseconds since 1970: both engines sort it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses a naive time with ValueError: it would silently mean the machine's own zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are kept as aware datetimes")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


def hour_of(moment: datetime) -> datetime:
    """The hour that a moment is in. In the clear, an exact moment beside a chat and the same one
    beside a concern would say whose concern it is."""
    return moment.replace(minute=0, second=0, microsecond=0)


# How keys, indexes and references are called, the same on both engines.
NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

# SQLite gives out row numbers only for a column that is exactly INTEGER.
BigNumber = BigInteger().with_variant(Integer(), "sqlite")
