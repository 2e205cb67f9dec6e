import { measureElement, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { positionAfter } from "./anchor";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** A number: set to the right. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  /** The first names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** How many rows there are, shown or not. */
  readonly total: number;
  /** What the rows answer: while it stays the same, what one looks at stays where it is. */
  readonly answers: string;
  readonly className: string;
}

/** The mean height of the rows measured so far stands for the others; before the first, this does. */
const UNMEASURED = { sum: 0, rows: 0, mean: 72 };

/** A table of which only the rows in sight are in the document. It scrolls with the page. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, total, answers, className } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const heights = useRef(UNMEASURED);
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count: rows.length,
    estimateSize: () => heights.current.mean,
    measureElement: (...measured) => {
      const height = measureElement(...measured);
      const sum = heights.current.sum + height;
      const count = heights.current.rows + 1;
      heights.current = { sum, rows: count, mean: sum / count };
      return height;
    },
    getItemKey: (index) => keyOf(rows[index] as Row),
    overscan: 8,
    scrollMargin: margin,
  });

  // What stands above the table may grow and shrink.
  useLayoutEffect(() => {
    if (body.current) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  });

  const lookedAt = useRef<{ key: string; below: number } | null>(null);
  const before = useRef({ answers, keys: [] as readonly string[] });
  useEffect(() => {
    const look = () => {
      const first = virtualizer.getVirtualItems().find((item) => item.end > window.scrollY);
      const within = first !== undefined && window.scrollY > margin;
      lookedAt.current = within ? { key: String(first.key), below: window.scrollY - first.start } : null;
    };
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, [virtualizer, margin]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the rows change, not when one looks elsewhere
  useLayoutEffect(() => {
    const keys = rows.map(keyOf);
    if (lookedAt.current && before.current.answers === answers) {
      const position = positionAfter(before.current.keys, keys, lookedAt.current.key);
      const item = position === null ? undefined : virtualizer.measurementsCache[position];
      if (item) window.scrollTo({ top: item.start + lookedAt.current.below, behavior: "instant" });
    }
    before.current = { answers, keys };
  }, [rows, answers]);

  return (
    <table aria-label={label} aria-rowcount={total + 1} className={`grid-table ${className}`}>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <th key={column.id} scope="col" data-column={column.id} data-numeric={column.numeric}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index] as Row;
          return (
            <tr
              key={item.key}
              aria-rowindex={item.index + 2}
              data-index={item.index}
              ref={virtualizer.measureElement}
              style={{ transform: `translateY(${item.start - margin}px)` }}
            >
              {columns.map((column, position) => {
                const Cell = position === 0 ? "th" : "td";
                return (
                  <Cell
                    key={column.id}
                    scope={position === 0 ? "row" : undefined}
                    data-column={column.id}
                    data-numeric={column.numeric}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
