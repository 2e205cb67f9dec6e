"""CSV as people and their spreadsheets write it."""

from decimal import Decimal

import pytest

from olagraph.documents import Limits
from olagraph.documents.foreign import documents_of
from olagraph.documents.portfolios import Document, read_portfolio
from olagraph.documents.reading import Reading
from olagraph.documents.yaml_tree import parse_yaml
from olagraph.model.entities import Covers, ProviderKind

PROVIDERS = "id,name,kind\nacme,ACME,external\nops,,internal\n"
SERVICES = "id,provider\nmail,acme\ndisk,acme\n"
AGREEMENTS = "id,kind,provider,customer,covers\nuc-mail,UC,acme,ops,mail; disk\n"
TARGETS = "agreement,metric,value,for\nuc-mail,availability,99.9%,\nuc-mail,latency,2 s,95%\n"


def test_a_list_of_suppliers_alone_can_be_read(csv, imported):
    (acme, ops) = imported(*csv(providers=PROVIDERS)).providers
    assert (acme.id, acme.name, acme.kind) == ("acme", "ACME", ProviderKind.EXTERNAL)
    assert (ops.name, ops.region) == (None, None)


def test_rows_of_targets_belong_to_the_agreement_that_they_name(csv, imported):
    files = csv(targets=TARGETS, agreements=AGREEMENTS, services=SERVICES, providers=PROVIDERS)
    (agreement,) = imported(*files).agreements
    assert agreement.covers == Covers(services=("mail", "disk"))
    assert [(t.metric, str(t.value), t.for_) for t in agreement.targets] == [
        ("availability", "99.9%", None),
        ("latency", "2 s", Decimal("0.95")),
    ]


def test_sheets_are_read_together_with_the_documents_of_a_store(csv):
    stored = "olagraph: 1\nproviders: [{id: acme, kind: external}, {id: ops, kind: internal}]\n"
    reading = Reading()
    found = documents_of(csv(services=SERVICES, agreements=AGREEMENTS), from_format="csv", reading=reading)
    store = Document("store", parse_yaml(stored, limits=Limits()))
    portfolio = read_portfolio((*found.documents, store), reading)
    assert [service.id for service in portfolio.services] == ["mail", "disk"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_save_is_read(csv, imported, delimiter, encoding, end):
    text = 'id,name,kind\nacme,"Müller, Söhne; Co",external\n'.replace("\n", end)
    quoted = text.replace("id,name,kind", delimiter.join(["id", "name", "kind"]))
    quoted = quoted.replace("acme,", f"acme{delimiter}").replace(",external", f"{delimiter}external")
    (provider,) = imported(*csv(providers=quoted.encode(encoding))).providers
    assert provider.name == "Müller, Söhne; Co"


def test_a_first_line_may_state_the_delimiter(csv, imported):
    assert imported(*csv(customers="sep=|\nid|name\nc|A;B,C\n")).customers[0].name == "A;B,C"


def test_headers_may_vary_in_case_spaces_and_hyphens(csv, imported):
    parts = "Service;Metric;Value;Averaged-Over;measured at\nmail;availability;99%;3; edge \n"
    portfolio = imported(*csv(providers=PROVIDERS, services=SERVICES, **{"Own Parts": parts}))
    (own,) = portfolio.services[0].own
    assert (own.averaged_over, own.measured_at) == (3, "edge")


def test_blank_rows_and_trailing_empty_columns_do_no_harm(csv, imported):
    text = "\n,,,\nid,kind,,\n,,,\nacme,external,,\n\n,,,,,,\n"
    assert [provider.id for provider in imported(*csv(providers=text)).providers] == ["acme"]


def test_a_first_row_may_say_what_the_rows_are(csv, imported):
    text = "Providers;;\nid;kind;x-note\nacme;external;from May: see #12\n"
    (provider,) = imported(*csv(suppliers=text)).providers
    assert provider.extra == (("x-note", "from May: see #12"),)


def test_titles_above_the_headers_are_no_rows(csv, imported, faults_of):
    titles = "Our suppliers;;;\n\nas of;2026-11-23;;\n"
    text = f"{titles};id;kind;x-note\n;acme;external;from May\n"
    (provider,) = imported(*csv(providers=text)).providers
    assert (provider.id, provider.extra) == ("acme", (("x-note", "from May"),))
    assert faults_of(*csv(providers=f"{titles}id;name;kin\nacme;A;external\n"))[0] == (
        "providers.csv:4:1: no column `kind` in providers; expected every row of providers to state id, kind"
    )


def test_lists_in_a_cell_are_separated_by_semicolons_commas_or_lines(csv, imported):
    text = 'id,provider,tags,requires\na,acme,"x; y ;",\nd,acme,"x, y",\nb,acme,x,"a\nmail"\nc,acme,"[""x; y"", z]",a\nmail,acme,,\n'
    a, d, b, c, _ = imported(*csv(providers=PROVIDERS, services=text)).services
    assert (a.tags, d.tags, b.tags, c.tags) == (("x", "y"), ("x", "y"), ("x",), ("x; y", "z"))
    assert [step.of for step in b.requires.of.steps] == ["a", "mail"]
    assert c.requires.of == "a"


def test_nested_values_are_the_yaml_of_the_file(csv, imported):
    text = 'id,provider,workflow,traits\nmail,acme,"[disk, {any_of: [a, b]}]",{zones: 2}\ndisk,acme,,\na,acme,,\nb,acme,,\n'
    mail = imported(*csv(providers=PROVIDERS, services=text)).services[0]
    assert len(mail.workflow.of.steps) == 2
    assert mail.traits == (("zones", 2),)


def test_the_portfolio_itself_is_one_row(csv, imported):
    portfolio = imported(*csv(portfolio="name,currency,x-owner\nShop,EUR,Jane\n"))
    assert (portfolio.name, portfolio.currency, portfolio.extra) == ("Shop", "EUR", (("x-owner", "Jane"),))


def test_of_a_folder_the_files_with_the_name_of_a_kind_are_read(csv, tmp_path):
    csv(providers=PROVIDERS, budget="id,amount\n1,2\n")
    (tmp_path / ".customers.csv").write_text("nonsense", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nonsense", encoding="utf-8")
    found = documents_of([tmp_path], from_format="csv", reading=(reading := Reading()))
    assert read_portfolio(found.documents, reading).providers
    assert found.ignored == (str(tmp_path / "budget.csv"),)


def test_everything_wrong_is_reported_at_once_with_row_and_column(csv, faults_of):
    files = csv(
        providers="id,naem,kind,kind\nacme,A,extern,\n,,internal,\n",
        services='id,provider,workflow,criticality\nmail,acmee,"[a, ",\ndisk,acme,nil,9,left over\n',
        agreements="id,provider,covers\nu,acme,mail\n",
        targets=(
            "agreement,metric,value,for\n"
            "u,availability,99.9,\n"
            "u,latency,#REF!,95%\n"
            "v,latency,2 s,95%\n"
            "u,,2 s,\n"
            "u,for,2 s,\n"
            "u,latenc,2 s,\n"
        ),
    )
    assert faults_of(*files) == [
        "providers.csv:1:2: unknown column of providers 'naem'; did you mean 'name'?",
        "providers.csv:1:4: column `kind` stands in column 3 already; expected each column once",
        "providers.csv:2:3: providers[acme].kind: unknown kind of provider 'extern'; did you mean 'external'?",
        "providers.csv:3:1: providers[1]: provider without `id`; expected provider as a mapping with `id`, `kind`",
        "services.csv:2:3: workflow: not YAML: while parsing a flow node did not find expected node content,"
        " at the end of the cell",
        "services.csv:3:3: services[disk].workflow: unknown service 'nil'; expected one of mail, disk",
        "services.csv:3:4: services[disk].criticality: found '9'; expected a whole number from 1 to 5",
        "services.csv:3:5: a value in a column without a header; expected a header, or nothing",
        "targets.csv:2:3: agreements[u].targets[0].availability: 99.9 is no share;"
        " expected a ratio between 0 and 1, or 0% and 100%",
        "targets.csv:3:3: value: the error #REF! of a formula; expected a formula that works, or a value",
        "targets.csv:4:1: agreement: unknown agreement 'v'; expected one of u",
        "targets.csv:5:1: a row without `metric`; expected every row of targets to state agreement, metric, value",
        "targets.csv:6:2: metric: unknown metric 'for'; expected a metric, such as availability or latency",
        "targets.csv:7:2: agreements[u].targets[1]: unknown key of target 'latenc'; did you mean 'latency'?",
    ]


@pytest.mark.parametrize(
    ("sheets", "fault"),
    [
        (
            {"suppliers": PROVIDERS},
            "suppliers.csv:1:1: nothing that says what the rows are; expected a name such as providers,"
            " or a first row that says so: one of portfolio, metrics, calendars, providers, customers, services,"
            " agreements, incidents, targets, own_parts",
        ),
        (
            {"providers": "id,name\na,b\nc,d\n"},
            "providers.csv:1:1: no column `kind` in providers; expected every row of providers to state id, kind",
        ),
        (
            {"providers": b"id,kind,name\na,external,M\xfcller\n"},
            "providers.csv:2:1: not UTF-8: byte 0xFC at offset 25;"
            ' expected a file saved as "CSV UTF-8", as the dialogue Save As of a spreadsheet calls it',
        ),
        (
            {"providers": ""},
            "providers.csv:1:1: no rows at all; expected a row of headers, such as id, name, kind",
        ),
        (
            {"providers": 'id,kind\na,"external\n'},
            "providers.csv:2:1: not CSV: unexpected end of data; expected quotes in pairs, around whole cells",
        ),
        (
            {"providers": "id,kind,name\na,external,=A1\n"},
            "providers.csv:2:3: name: a formula, '=A1'; expected its result"
            " (to keep it as text, an apostrophe before it)",
        ),
        (
            {"providers": "id,kind,name\na,external,b\x07\n"},
            "providers.csv:2:3: name: control character U+0007 in a text; expected printable text",
        ),
        (
            {"providers": f"id,kind,name\na,external,{'b' * 100_001}\n"},
            "providers.csv:2:3: name: a text of 100001 characters; expected at most 100000 characters",
        ),
        (
            {"targets": TARGETS},
            "targets.csv:2:1: agreement: unknown agreement 'uc-mail'; expected its row in a sheet agreements,"
            " beside this one",
        ),
        (
            {"targets": "agreement;metric;value\nu;availability;99,95 %\n"},
            "targets.csv:2:3: value: a comma in the number '99,95 %'; expected a point before decimals and no"
            " thousands, such as 99.95%",
        ),
        (
            {"targets": "for;agreement;metric;value\n99,5%;u;latency;2 s\n"},
            "targets.csv:2:1: for: a comma in the number '99,5%'; expected a point before decimals and no"
            " thousands, such as 99.95%",
        ),
        (
            {"services": 'id,provider,demand\na,acme,"1,200/s"\n', "providers": PROVIDERS},
            "services.csv:2:3: demand: a comma in the number '1,200/s'; expected a point before decimals and no"
            " thousands, such as 99.95%",
        ),
        (
            {"customers": "id,remarks\nretail,good\n"},
            "customers.csv:1:2: unknown column of customers 'remarks'; expected one of id, name, parent, contact,"
            " or one of your own that begins with x-",
        ),
        (
            {"providers": f"id,kind,name\na,external,{'b' * 200_000}\n"},
            "providers.csv:2:1: a cell of more than 131,072 characters; expected a shorter one",
        ),
        (
            {"customers": "id\na\n".encode("utf-32")},
            "customers.csv:1:1: not UTF-8 but UTF-32, by its first bytes;"
            ' expected a file saved as "CSV UTF-8", as the dialogue Save As of a spreadsheet calls it',
        ),
        (
            {"portfolio": "name\nShop\nStore\n"},
            "portfolio.csv:3:1: a second row; expected one row for the whole portfolio",
        ),
    ],
)
def test_a_fault_names_place_cause_and_remedy(csv, faults_of, sheets, fault):
    assert faults_of(*csv(**sheets))[0] == fault


def test_a_table_that_cannot_be_read_makes_no_ids_unknown(csv, faults_of):
    files = csv(providers="id,name\nacme,A\n", services=SERVICES)
    assert faults_of(*files) == [
        "providers.csv:1:1: no column `kind` in providers; expected every row of providers to state id, kind"
    ]


def test_what_cannot_be_read_is_a_fault_like_any_other(tmp_path, faults_of):
    assert faults_of(tmp_path / "providers.csv") == [
        f"{tmp_path}/providers.csv: cannot be read: No such file or directory"
    ]
    assert faults_of(tmp_path) == [
        f"{tmp_path}: a folder without sheets of a portfolio;"
        " expected files named providers.csv, services.csv, agreements.csv …"
    ]
    assert "embedded null byte" in faults_of("a\0b.csv")[0]
    assert faults_of(tmp_path, from_format="excel") == [
        f"{tmp_path}: a folder; expected the files in it, by name"
    ]


def test_files_that_are_too_large_are_refused(csv, faults_of):
    files = csv(providers=PROVIDERS, customers="id\nc\n")
    assert faults_of(*files, limits=Limits(size=len(PROVIDERS))) == [
        f"customers.csv:1:1: more than {len(PROVIDERS)} bytes in all; expected smaller files"
    ]
    assert faults_of("providers.csv", limits=Limits(nodes=2)) == [
        "providers.csv:3:1: more than 2 rows in one file"
    ]
    assert faults_of("providers.csv", limits=Limits(nodes=5)) == [
        "providers.csv:3:1: more than 5 cells in one sheet"
    ]
