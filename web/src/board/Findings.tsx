import { Link } from "@tanstack/react-router";
import type { ResultOf } from "../gql/graphql";
import { useVersion } from "../gql/live";
import { type Page, usePages } from "../gql/pages";
import { SeverityBadge } from "../shared/Badge";
import { More } from "../shared/More";
import { nameOf } from "../shared/NameAndId";
import { count, plural } from "../shared/numbers";
import { SearchField } from "../shared/SearchField";
import { toggled } from "../shared/search";
import { Trouble } from "../shared/Trouble";
import { type Column, VirtualTable } from "../shared/VirtualTable";
import { type Asking, findingFilter } from "./model";
import { FINDINGS, type Finding, type SummaryData } from "./queries";

const PAGE = 200;
const pick = (data: ResultOf<typeof FINDINGS>): Page<Finding> => data.findings;

interface FindingsProps {
  readonly asking: Asking;
  readonly severities: SummaryData["severities"];
}

/** What a service manager should know besides the verdicts, errors first, with what to do. */
export function Findings({ asking, severities }: FindingsProps) {
  const { portfolio, asOf, search, choose } = asking;
  const version = useVersion();
  const variables = { portfolio, asOf, filter: findingFilter(search), first: PAGE };
  const pages = usePages(FINDINGS, variables, pick, version);
  const narrowed = search.severity ?? search.code ?? search.q;

  const columns: readonly Column<Finding>[] = [
    {
      id: "severity",
      title: "Severity",
      cell: (finding) => <SeverityBadge severity={finding.severity} />,
    },
    {
      id: "code",
      title: "Finding",
      cell: (finding) => (
        <>
          {finding.title}
          <button
            type="button"
            className="link code"
            title="List this kind of finding alone"
            onClick={() => choose({ code: finding.code })}
          >
            {finding.code}
          </button>
        </>
      ),
    },
    { id: "subject", title: "About", cell: (finding) => <Subject subject={finding.subject} /> },
    {
      id: "message",
      title: "What, and what to do",
      cell: (finding) => (
        <>
          <p>{finding.message}</p>
          {finding.fix && <p className="fix">{finding.fix}</p>}
        </>
      ),
    },
  ];

  return (
    <section aria-label="Findings">
      <search className="filters">
        <fieldset className="toggles">
          <legend>Severity</legend>
          {severities.map((each) => (
            <button
              key={each.severity}
              type="button"
              className="button"
              aria-pressed={search.severity?.includes(each.severity) ?? false}
              onClick={() => choose({ severity: toggled(search.severity, each.severity) })}
            >
              <SeverityBadge severity={each.severity} /> {count(each.count)}
            </button>
          ))}
        </fieldset>
        {search.code && (
          <button type="button" className="button" onClick={() => choose({ code: undefined })}>
            Only {search.code}: show all
          </button>
        )}
        <SearchField label="Search" value={search.q ?? ""} onSearch={(q) => choose({ q: q || undefined })} />
        {narrowed && (
          <button
            type="button"
            className="button"
            onClick={() => choose({ severity: undefined, code: undefined, q: undefined })}
          >
            Clear filters
          </button>
        )}
      </search>
      {pages.error && <Trouble error={pages.error} what="The findings" onRetry={pages.retry} />}
      <p className="summary" role="status" hidden={pages.error !== null && pages.nodes.length === 0}>
        {pages.loading && pages.nodes.length === 0
          ? "Loading the findings"
          : `${plural(pages.totalCount, "finding")}${narrowed ? " found" : ""}, errors first.`}
      </p>
      {pages.nodes.length > 0 && (
        <VirtualTable
          label="Findings"
          className="findings"
          columns={columns}
          rows={pages.nodes}
          keyOf={(finding) => finding.nodeId}
          total={pages.totalCount}
          answers={pages.key}
        />
      )}
      {!pages.loading && !pages.error && pages.nodes.length === 0 && (
        <p className="notice">{narrowed ? "No finding matches these filters." : "No finding on this day."}</p>
      )}
      <More hidden={pages.hidden} loading={pages.loading} onMore={pages.more} />
    </section>
  );
}

/** What a finding is about; an agreement leads to its explanation. */
function Subject({ subject }: { readonly subject: Finding["subject"] }) {
  switch (subject.__typename) {
    case "Agreement":
      return (
        <Link to="/agreement/$id" params={{ id: subject.id }} className="id">
          {subject.id}
        </Link>
      );
    case "Portfolio":
      return "the portfolio";
    default:
      return (
        <>
          {subject.__typename === "Service" ? "service" : "provider"} {nameOf(subject)}
        </>
      );
  }
}
