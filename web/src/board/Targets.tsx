import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { ResultOf } from "../gql/graphql";
import { useVersion } from "../gql/live";
import { type Page, type Pages, usePages } from "../gql/pages";
import { VerdictBadge } from "../shared/Badge";
import { Choice } from "../shared/Choice";
import { More } from "../shared/More";
import { listed, nameOf } from "../shared/NameAndId";
import { count, plural } from "../shared/numbers";
import { SearchField } from "../shared/SearchField";
import { toggled } from "../shared/search";
import { Trouble } from "../shared/Trouble";
import { type Column, VirtualTable } from "../shared/VirtualTable";
import { KIND_WORDS, KINDS } from "../shared/words";
import { gapText } from "./gap";
import {
  type Asking,
  type Differences,
  differences,
  kindsOf,
  NO_DIFFERENCES,
  targetFilter,
  toldDifferences,
} from "./model";
import { type MetricData, TARGETS, type Target } from "./queries";

const PAGE = 200;
const pick = (data: ResultOf<typeof TARGETS>): Page<Target> => data.assessments;

interface TargetsProps {
  readonly asking: Asking;
  readonly metrics: readonly MetricData[];
  readonly currency: string | null;
  /** How many targets of agreements of the kinds not listed there are. */
  readonly others: number;
}

/** The targets with their verdicts, the worst first. */
export function Targets({ asking, metrics, currency, others }: TargetsProps) {
  const { portfolio, asOf, search, choose } = asking;
  const version = useVersion();
  const variables = { portfolio, asOf, filter: targetFilter(search), first: PAGE };
  const pages = usePages(TARGETS, variables, pick, version);
  const different = useDifferences(pages);
  const kinds = kindsOf(search);
  const narrowed = search.verdict ?? search.metric ?? search.q;
  const news = toldDifferences(different);

  const gap = (target: Target) => {
    const metric = metrics.find((each) => each.id === target.metric);
    if (target.gap === null || metric === undefined) return <span className="quiet">–</span>;
    const ofCases = target.target.for !== null && target.target.for !== "mean";
    return gapText(target.gap, metric, ofCases, currency);
  };

  const columns: readonly Column<Target>[] = [
    {
      id: "verdict",
      title: "Verdict",
      cell: (target) => (
        <>
          <VerdictBadge verdict={target.verdict} />
          {target.draft && <span className="chip">draft</span>}
          {target.resold && <span className="chip">resold</span>}
          {different.changed.has(target.nodeId) && <span className="chip new">changed</span>}
          {different.appeared.has(target.nodeId) && <span className="chip new">new</span>}
        </>
      ),
    },
    {
      id: "agreement",
      title: "Agreement",
      cell: (target) => (
        <>
          <Link
            to="/agreement/$id"
            params={{ id: target.agreement.id }}
            search={{ service: target.service.id, metric: target.metric }}
            className="id row-link"
          >
            {target.agreement.id}
          </Link>
          {target.agreement.ref && <span className="quiet">{target.agreement.ref}</span>}
        </>
      ),
    },
    {
      id: "customer",
      title: "Promised to",
      cell: (target) => listed(target.agreement.customers, "anyone (standard terms)"),
    },
    { id: "service", title: "Service", cell: (target) => nameOf(target.service) },
    { id: "target", title: "Target", cell: (target) => target.target.text },
    { id: "gap", title: "Gap", numeric: true, cell: gap },
    {
      id: "why",
      title: "Why",
      cell: (target) => (
        <>
          <p>{target.sentence}</p>
          {target.fix && <p className="fix">{target.fix}</p>}
        </>
      ),
    },
  ];

  return (
    <section aria-label="Targets">
      <search className="filters">
        <fieldset className="toggles">
          <legend>Kind</legend>
          {KINDS.map((kind) => (
            <button
              key={kind}
              type="button"
              className="button"
              title={KIND_WORDS[kind]}
              aria-pressed={kinds.includes(kind)}
              onClick={() => {
                const chosen = toggled(kinds, kind);
                choose({ kind: chosen?.join() === "SLA" ? undefined : chosen });
              }}
            >
              {kind}
            </button>
          ))}
        </fieldset>
        <Choice
          label="Metric"
          all="all metrics"
          options={metrics.map((metric) => metric.id)}
          value={search.metric}
          onChoose={(metric) => choose({ metric })}
        />
        <SearchField label="Search" value={search.q ?? ""} onSearch={(q) => choose({ q: q || undefined })} />
        {narrowed && (
          <button
            type="button"
            className="button"
            onClick={() => choose({ verdict: undefined, metric: undefined, q: undefined })}
          >
            Clear filters
          </button>
        )}
      </search>
      {pages.error && <Trouble error={pages.error} what="The targets" onRetry={pages.retry} />}
      <p className="summary" role="status" hidden={pages.error !== null && pages.nodes.length === 0}>
        {pages.loading && pages.nodes.length === 0
          ? "Loading the targets"
          : `${plural(pages.totalCount, `${kinds.join(" or ")} target`)}${narrowed ? " found" : ""}, the worst first.`}
        {news && <b>Just now: {news}.</b>}
        {others > 0 && (
          <button type="button" className="link" onClick={() => choose({ kind: [...KINDS] })}>
            {count(others)} of other kinds hidden: show
          </button>
        )}
      </p>
      {pages.nodes.length > 0 && (
        <VirtualTable
          label={`Targets, ${kinds.join(", ")}`}
          className="targets"
          columns={columns}
          rows={pages.nodes}
          keyOf={(target) => target.nodeId}
          total={pages.totalCount}
          answers={pages.key}
        />
      )}
      {!pages.loading && !pages.error && pages.nodes.length === 0 && (
        <p className="notice">
          {narrowed
            ? "No target matches these filters."
            : `No ${kinds.join(" or ")} is assessed on this day.`}
        </p>
      )}
      <More hidden={pages.hidden} loading={pages.loading} onMore={pages.more} />
    </section>
  );
}

/** What became different when the same question was last answered anew. */
function useDifferences(pages: Pages<Target>): Differences {
  const [found, setFound] = useState(NO_DIFFERENCES);
  const before = useRef(pages);
  useEffect(() => {
    const last = before.current;
    before.current = pages;
    if (last.generation === pages.generation) return;
    const comparable = last.key === pages.key && last.generation > 0;
    const complete = last.hidden === 0 && pages.hidden === 0;
    setFound(comparable ? differences(last.nodes, pages.nodes, complete) : NO_DIFFERENCES);
  }, [pages]);
  return found;
}
