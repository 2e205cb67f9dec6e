"""A portfolio as a folder of CSV, one file a kind."""

import os
from collections.abc import Mapping
from pathlib import Path

from olagraph.documents.foreign.csv_text import write_csv
from olagraph.documents.foreign.sheets import SHEETS
from olagraph.documents.foreign.written import written_rows
from olagraph.model.entities import Portfolio

SUFFIX = ".csv"


def csv_files(portfolio: Portfolio) -> Mapping[str, bytes]:
    """By name, the files of CSV that read as `portfolio`; kinds of which there are none get no file."""
    return {name + SUFFIX: write_csv(rows) for name, rows in written_rows(portfolio).items()}


def write_csv_folder(portfolio: Portfolio, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write the files of `csv_files` into a folder, made if need be; none is replaced before all are written.

    Returns:
        The files written.

    Raises:
        FileExistsError: the folder holds a kind that the portfolio has none of: it would be read with the rest.
        IsADirectoryError: the name of a file is that of a folder.
        OSError: the folder cannot be made or written to.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    files = csv_files(portfolio)
    for name in (sheet + SUFFIX for sheet in SHEETS):
        if name not in files and (target / name).exists():
            reason = "it would be read as part of this portfolio: remove it, or choose another folder"
            raise FileExistsError(None, reason, str(target / name))
    paths = tuple(target / name for name in files)
    for path in paths:
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder", str(path))
    written = {path: target / f".{path.name}.new" for path in paths}
    try:
        for beside, content in zip(written.values(), files.values(), strict=True):
            beside.write_bytes(content)
        for path, beside in written.items():
            beside.replace(path)
    finally:
        for beside in written.values():
            beside.unlink(missing_ok=True)
    return paths
