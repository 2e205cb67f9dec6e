"""Workbooks as people keep them."""

import datetime
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from olagraph.documents import Limits
from olagraph.documents.foreign import documents_of
from olagraph.documents.foreign.excel import text_of
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.model.entities import Covers

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PROVIDERS: list[list[str | None]] = [
    ["id", "name", "kind"],
    ["acme", "ACME", "external"],
    ["ops", None, "internal"],
]
SERVICES = [["id", "provider"], ["mail", "acme"]]
AGREEMENTS = [["id", "provider", "customer", "covers"], ["uc", "acme", "ops", "mail"]]


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """Makes `suppliers.xlsx` of sheets with their rows; a function may change it before it is saved."""
    monkeypatch.chdir(tmp_path)

    def make(change=lambda book: None, **sheets):
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        change(book)
        book.save("suppliers.xlsx")
        book.close()
        return "suppliers.xlsx"

    return make


@pytest.fixture
def edited(workbook):
    """Edits the XML of a part of `suppliers.xlsx`, which has one provider without a name; None is all of the part."""
    file = workbook(providers=[["id", "name", "kind"], ["acme", None, "external"]])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[SHEET] = parts[SHEET].replace('<c r="C2"', '<c r="B2"><v /></c><c r="C2"')

    def edit(part, old, new):
        text = parts.get(part, "")
        assert old is None or old in text
        parts[part] = new if old is None else text.replace(old, new)
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return file

    return edit


@pytest.fixture
def read(imported):
    """The portfolio of a workbook."""
    return lambda file: imported(file, from_format="excel")


@pytest.fixture
def faults(faults_of):
    """The faults of a workbook."""
    return lambda file, **options: faults_of(file, from_format="excel", **options)


def test_a_workbook_has_a_sheet_a_kind(workbook, read):
    targets = [["Agreement", "Metric", "Value", "For"], ["uc", "availability", 0.9995, None]]
    portfolio = read(workbook(Providers=PROVIDERS, services=SERVICES, AGREEMENTS=AGREEMENTS, targets=targets))
    assert [provider.id for provider in portfolio.providers] == ["acme", "ops"]
    (agreement,) = portfolio.agreements
    assert agreement.covers == Covers(services=("mail",))
    assert agreement.targets[0].value.exact == Decimal("0.9995")


def test_other_sheets_and_empty_ones_are_ignored_and_named(workbook):
    file = workbook(providers=PROVIDERS, Notes=[["reviewed in May"]], customers=[])
    found = documents_of([file], from_format="excel", reading=(reading := Reading()))
    assert read_portfolio(found.documents, reading).providers
    assert found.ignored == ("suppliers.xlsx, sheet Notes", "suppliers.xlsx, sheet customers")


def test_a_single_sheet_may_be_named_by_the_file_or_by_its_first_row(workbook, read, tmp_path):
    workbook(Sheet1=[["Providers"], [], *PROVIDERS])
    assert len(read("suppliers.xlsx").providers) == 2
    workbook(Sheet1=PROVIDERS)
    (tmp_path / "suppliers.xlsx").rename("providers.xlsx")
    assert len(read("providers.xlsx").providers) == 2


def test_a_table_may_stand_anywhere_on_its_sheet(workbook, read):
    rows = [[], [], *[[None, None, *row, None] for row in PROVIDERS], [], [None]]
    assert len(read(workbook(providers=rows)).providers) == 2


def test_faults_name_the_sheet_the_row_and_the_column(workbook, faults):
    file = workbook(
        providers=[*PROVIDERS, ["acme", "again", "extern"]], services=[*SERVICES, ["disk", "acne"]]
    )
    assert faults(file) == [
        "suppliers.xlsx, sheet providers:4:1: providers[acme]: provider 'acme' is stated already at"
        " suppliers.xlsx, sheet providers:2:1; expected each id once",
        "suppliers.xlsx, sheet providers:4:3: providers[acme].kind: unknown kind of provider 'extern';"
        " did you mean 'external'?",
        "suppliers.xlsx, sheet services:3:2: services[disk].provider: unknown provider 'acne'; did you mean 'acme'?",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12, "12"),
        (0.9995000000000001, "0.9995"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "0.000000001"),
        (-5.5, "-5.5"),
        (1e20, "1E+20"),
        (True, "true"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.datetime(2026, 1, 2), "2026-01-02"),
        (datetime.datetime(2026, 1, 2, 3, 4), "2026-01-02 03:04:00"),
        (datetime.time(8, 0), "8 h"),
        (datetime.timedelta(hours=30), "30 h"),
        (datetime.timedelta(days=2), "2 d"),
        (datetime.timedelta(minutes=90), "90 min"),
        (datetime.timedelta(milliseconds=1500), "1500 ms"),
        (datetime.timedelta(seconds=28799, microseconds=999_999), "8 h"),
        ("text", "text"),
    ],
)
def test_a_cell_says_what_would_be_typed_into_a_portfolio(value, text):
    assert text_of(value) == text


def test_typed_cells_are_what_they_show(workbook, read):
    def formats(book):
        book["targets"]["C2"].number_format = "0.00%"
        book["targets"]["C3"].number_format = "[h]:mm"
        book["targets"]["D3"].number_format = "0%"
        book["services"]["C2"].number_format = "0"

    portfolio = read(
        workbook(
            formats,
            providers=PROVIDERS,
            services=[["id", "provider", "criticality", "x-live"], ["mail", "acme", 2, True]],
            agreements=[
                ["id", "provider", "covers", "from", "renews", "x-cost-centre"],
                ["uc", "acme", "all", datetime.date(2026, 1, 31), True, 4711],
            ],
            targets=[
                ["agreement", "metric", "value", "for"],
                ["uc", "availability", 0.9995, None],
                ["uc", "resolution_time", datetime.timedelta(hours=8), 0.95],
            ],
        )
    )
    (service,), (agreement,) = portfolio.services, portfolio.agreements
    assert (service.criticality, service.extra) == (2, (("x-live", True),))
    assert (agreement.from_, agreement.renews) == (datetime.date(2026, 1, 31), True)
    assert agreement.extra == (("x-cost-centre", Decimal(4711)),)
    availability, resolution_time = agreement.targets
    assert str(availability.value) == "99.95%"
    assert (str(resolution_time.value), resolution_time.for_) == ("8 h", Decimal("0.95"))


@pytest.mark.parametrize(
    ("format", "value", "text"),
    [
        ("0%", 1, "100%"),
        ("0.00%", 0.995, "99.5%"),
        ("0.00%", 0.999_999_999, "99.9999999%"),
        ("#,##0.0 %;[Red]-0.0 %", 0.07, "7%"),
        ('0.00"%"', 0.9995, "0.9995"),
        ("0.00\\%", 0.9995, "0.9995"),
        ("General", 0.9995, "0.9995"),
    ],
)
def test_a_percentage_is_the_one_that_people_see(workbook, read, format, value, text):
    def formatted(book):
        book["targets"]["C2"].number_format = format

    targets = [["agreement", "metric", "value"], ["uc", "availability", value]]
    file = workbook(formatted, providers=PROVIDERS, services=SERVICES, agreements=AGREEMENTS, targets=targets)
    assert str(read(file).agreements[0].targets[0].value) == text


def test_a_title_over_all_columns_is_no_row(workbook, read):
    def merged(book):
        book["providers"].merge_cells("A1:F1")

    rows = [["Our suppliers in 2026"], [], *PROVIDERS]
    assert len(read(workbook(merged, providers=rows)).providers) == 2


def test_dates_are_those_of_the_workbooks_own_calendar(workbook, read):
    def epoch_of_1904(book):
        book.epoch = CALENDAR_MAC_1904

    rows = [["id", "provider", "from"], ["uc", "acme", datetime.date(2026, 1, 31)]]
    (agreement,) = read(workbook(epoch_of_1904, providers=PROVIDERS, agreements=rows)).agreements
    assert agreement.from_ == datetime.date(2026, 1, 31)


def test_a_failed_formula_and_one_without_a_result_are_faults(workbook, faults):
    def broken(book):
        book["providers"]["B2"] = "#REF!"
        book["providers"]["B2"].data_type = "e"
        book["providers"]["B3"] = '=HYPERLINK("http://elsewhere.example/", "x")'
        book["providers"]["B9"] = "=[other.xlsx]Sheet1!A1"

    assert faults(workbook(broken, providers=PROVIDERS)) == [
        "suppliers.xlsx, sheet providers:2:2: name: the error #REF! of a formula;"
        " expected a formula that works, or a value",
        'suppliers.xlsx, sheet providers:3:2: name: a formula, \'=HYPERLINK("http://elsewhere.example/", "x")\';'
        " expected its result (to keep it as text, an apostrophe before it)",
        "suppliers.xlsx, sheet providers:9:1: providers[2]: provider without `id`;"
        " expected provider as a mapping with `id`, `kind`",
        "suppliers.xlsx, sheet providers:9:1: providers[2]: provider without `kind`;"
        " expected provider as a mapping with `id`, `kind`",
        "suppliers.xlsx, sheet providers:9:2: name: a formula, '=[other.xlsx]Sheet1!A1';"
        " expected its result (to keep it as text, an apostrophe before it)",
    ]


def test_a_cell_merged_over_rows_speaks_for_each_of_them(workbook, read):
    def merged(book):
        book["services"].merge_cells("B2:B4")

    rows = [["id", "provider"], ["mail", "acme"], ["disk", None], ["net", None]]
    services = read(workbook(merged, providers=PROVIDERS, services=rows)).services
    assert [service.provider for service in services] == ["acme", "acme", "acme"]


def test_rows_in_which_all_is_merged_are_those_of_the_first(workbook, read):
    def merged(book):
        for cells in ("A2:A3", "B2:B3", "C2:C99"):
            book["providers"].merge_cells(cells)

    rows = [["id", "name", "kind"], ["acme", "ACME", "external"], [], ["ops", "Operations"]]
    providers = read(workbook(merged, providers=rows)).providers
    assert [(provider.id, str(provider.kind)) for provider in providers] == [
        ("acme", "external"),
        ("ops", "external"),
    ]


def test_a_formula_may_have_the_result_of_no_text(edited, read):
    sheet = edited(SHEET, '<c r="B2"><v /></c>', '<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>')
    assert read(sheet).providers[0].name is None


def test_texts_are_shared_as_excel_saves_them(edited, read):
    texts = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    rich = "<r><t>AC</t></r><r><rPr><b/></rPr><t>ME</t></r>"
    edited(TYPES, "</Types>", f'<Override PartName="/{TEXTS}" ContentType="{texts}"/></Types>')
    edited(TEXTS, "", f'<sst xmlns="{NAMESPACE}"><si><t>none</t></si><si>{rich}</si></sst>')
    file = edited(SHEET, '<c r="B2"><v /></c>', '<c r="B2" t="s"><v>1</v></c>')
    assert read(file).providers[0].name == "ACME"


def test_lines_of_a_cell_end_as_excel_or_as_others_end_them(workbook, read):
    rows = [["id", "provider", "tags"], ["mail", "acme", "a_x000D_\nb"], ["disk", "acme", "a\nb"]]
    services = read(workbook(providers=PROVIDERS, services=rows)).services
    assert [service.tags for service in services] == [("a", "b"), ("a", "b")]


def test_a_workbook_with_macros_is_read_without_them(edited, read):
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    edited(TYPES, sheet, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    assert read(edited("xl/vbaProject.bin", "", "macros")).providers


def test_what_is_not_of_a_sheets_cells_is_no_matter(edited, read):
    edited(SHEET, "</worksheet>", '<dataValidations count="x"/><extLst><ext uri="{X}"/></extLst></worksheet>')
    edited("xl/theme/theme1.xml", None, "none")
    assert read(edited("docProps/core.xml", None, "none")).providers


def test_headers_that_are_merged_or_stand_twice_are_faults(workbook, faults):
    def merged(book):
        book["providers"].merge_cells("D1:E1")

    rows = [["id", "kind", "Kind", "name", None], ["acme", "external", "external", "ACME", "Inc"]]
    assert faults(workbook(merged, providers=rows)) == [
        "suppliers.xlsx, sheet providers:1:3: column `kind` stands in column 2 already; expected each column once",
        "suppliers.xlsx, sheet providers:2:5: a value in a column without a header; expected a header, or nothing",
    ]


def test_a_workbook_without_a_known_sheet_is_refused(workbook, faults):
    assert faults(workbook(Tabelle1=PROVIDERS, Tabelle2=SERVICES)) == [
        "suppliers.xlsx:1:1: a workbook in which no sheet has the name of a kind;"
        " expected sheets named providers, services, agreements …"
    ]


def test_a_workbook_beyond_the_limits_is_refused(workbook, faults):
    rows = [["id", "name", "kind"], *([f"p{number}", "P", "external"] for number in range(200))]
    assert faults(workbook(providers=rows), limits=Limits(nodes=2_000)) == [
        "suppliers.xlsx:1:1: more than 2000 XML tags in the part 'xl/worksheets/sheet1.xml' of a workbook;"
        " expected a smaller one"
    ]
