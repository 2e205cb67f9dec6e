"""Foreign formats: spreadsheets (CSV, Excel) <-> the portfolio, and drawings of it (GraphML, Mermaid)."""

from olagraph.documents.foreign.csv_folder import csv_files, write_csv_folder
from olagraph.documents.foreign.graphml import write_graphml
from olagraph.documents.foreign.importing import Imported, documents_of
from olagraph.documents.foreign.mermaid import write_mermaid

__all__ = [
    "Imported",
    "csv_files",
    "documents_of",
    "write_csv_folder",
    "write_graphml",
    "write_mermaid",
]
