"""When something was handed in: the text of timestamp.txt as a time, or a reason why it is none.

A wrong time costs a learner a penalty, or spares one. So nothing is guessed: forms are read that
mean one time, whoever writes them. nbgrader writes `2026-02-01 15:28:58.948203 UTC`, and takes a
time without a zone for UTC; so does this.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from grader.score.attempt import HandedInBy

EXAMPLE = "2026-02-01 23:59:00 +0100"

# Abbreviations that mean one thing. CST, IST, BST, EST, AST and the like are several zones'.
_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1,
    "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "sast": 2, "cat": 2, "eat": 3, "wat": 1, "pkt": 5,
    "npt": 5.75, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5,
    "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "hst": -10, "akst": -9,
    "akdt": -8, "pdt": -7, "mdt": -6,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>\s*[+-]\d{2}(?::?\d{2})?|\s*[A-Za-z][\w/+:-]*)?(?:\s*\([^()]*\))?"
_BETWEEN = r"(?:\s*T|,?\s+(?:at\s+)?)"
_FORMS = tuple(
    re.compile(f"(?i){form}")
    for form in (
        rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_BETWEEN}{_CLOCK}{_ZONE}",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)"
        rf"{_ZONE}",
        rf"(?P<first>\d{{1,2}})([-/.])(?P<other>\d{{1,2}})\2(?P<year>\d{{4}}){_BETWEEN}{_CLOCK}{_ZONE}",
        rf"{_DAY_NAME}(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d{{4}}){_BETWEEN}{_CLOCK}{_ZONE}",
        rf"{_DAY_NAME}{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_BETWEEN}{_CLOCK}{_ZONE}",
        rf"{_DAY_NAME}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
    )
)
_SECONDS = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?")  # since 1970, or thousandths of them


# As nbgrader's exchange writes it, and its zip_collect, from the name of a course system's file.
_EXCHANGES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} [A-Z][\w/+-]*")
_ZIP_COLLECTS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?(\+00:00)?")


def written_by(written: str, *, with_secret: bool) -> HandedInBy:
    """Tell who writes times in that form, a secret beside it or not: it could be imitated."""
    if with_secret and _EXCHANGES.fullmatch(written):
        return HandedInBy.EXCHANGE
    return HandedInBy.ZIP_COLLECT if _ZIP_COLLECTS.fullmatch(written) else HandedInBy.ANYBODY


class NoTime(ValueError):
    """Why a text is not a time."""


def read(written: str) -> datetime:
    """Return the time in UTC, without a zone as nbgrader keeps it.

    Raises NoTime with the reason where the text is no time, or might be several.
    """
    if seconds := _SECONDS.fullmatch(written):
        return datetime.fromtimestamp(int(seconds[1]), UTC).replace(tzinfo=None)
    for form in _FORMS:
        if found := form.fullmatch(written):
            return _time(found.groupdict())
    raise NoTime("it is not in a form that is known")


def _time(parts: dict[str, str | None]) -> datetime:
    year, month, day = _date(parts)
    hour = _hour(int(parts["hour"] or 0), (parts.get("half") or "").lower())
    rest = (int(parts["minute"] or 0), int(parts.get("second") or 0))
    micro = int((parts.get("fraction") or "").ljust(6, "0")[:6])
    try:
        local = datetime(year, month, day, hour, *rest, micro)
    except ValueError as error:
        raise NoTime(str(error)) from None
    try:
        return _in_utc(local, (parts.get("zone") or "").strip())
    except OverflowError:
        raise NoTime("no such year") from None


def _date(parts: dict[str, str | None]) -> tuple[int, int, int]:
    year = int(parts["year"] or 0)
    if "first" not in parts:
        month = (parts["month"] or "")[:3].lower()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        return year, number, int(parts["day"] or 0)
    first, other = int(parts["first"] or 0), int(parts["other"] or 0)
    if first != other and max(first, other) <= 12:
        raise NoTime("day and month may be either")
    return (year, other, first) if first > 12 else (year, first, other)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise NoTime("there is no such hour before or after noon")
    return hour % 12 + (12 if half == "p" else 0)


def _in_utc(local: datetime, zone: str) -> datetime:
    aware = local.replace(tzinfo=_zone(zone))
    utc = aware.astimezone(UTC)
    # In the hour that clocks go through twice, or leave out, a local time says no moment.
    if utc != aware.replace(fold=1).astimezone(UTC):
        raise NoTime("the clocks were changed in that hour")
    return utc.replace(tzinfo=None)


def _zone(name: str) -> tzinfo:
    hours = _HOURS.get(name.lower(), None if name else 0)
    if hours is not None:
        return timezone(timedelta(hours=hours))
    if offset := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?", name, re.IGNORECASE):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes <= 14 * 60 and int(offset[3] or 0) < 60:
            return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
        raise NoTime(f"{name} is no zone")
    # Names of one word are abbreviations, also where the zones' own list has them as places: EST.
    if "/" in name:
        try:
            return zoneinfo.ZoneInfo(name)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            pass
    raise NoTime(f"the zone {name} is not known, or means several")
