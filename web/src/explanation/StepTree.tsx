import { Link } from "@tanstack/react-router";
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { Icon } from "../shared/Icon";
import { plural, share } from "../shared/numbers";
import { Scroll } from "../shared/Scroll";
import type { Step } from "./queries";
import { foldedAtFirst, move, placeAmong, shown, sizeBelow } from "./tree";

const DEEPEST_INDENT = 12;

interface StepTreeProps {
  readonly label: string;
  readonly steps: readonly Step[];
}

/** A composition step by step, with the value of each: a tree whose rows fold. */
export function StepTree({ label, steps }: StepTreeProps) {
  const [folded, setFolded] = useState(() => foldedAtFirst(steps));
  const [focused, setFocused] = useState(0);
  const grid = useRef<HTMLTableElement>(null);
  const visible = shown(steps, folded);
  const reachable = visible.includes(focused) ? focused : 0;

  const fold = (position: number, isFolded: boolean) => {
    const next = new Set(folded);
    if (isFolded) next.add(position);
    else next.delete(position);
    setFolded(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, position: number) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const made = move(event.key, steps, folded, position);
    if (made === null) return;
    event.preventDefault();
    if (made.fold !== undefined) fold(made.fold, true);
    if (made.unfold !== undefined) fold(made.unfold, false);
    setFocused(made.focus);
    grid.current?.querySelector<HTMLElement>(`[data-position="${made.focus}"]`)?.focus();
  };

  return (
    <Scroll label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows fold is a tree grid */}
      <table className="plain steps" role="treegrid" aria-label={label} ref={grid}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" className="numeric">
              Guaranteed
            </th>
            <th scope="col" className="numeric">
              Independent
            </th>
            <th scope="col" className="numeric">
              Ceiling
            </th>
            <th scope="col" className="numeric" title="of the whole's budget that this step costs">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {visible.map((position) => {
            const step = steps[position] as Step;
            const below = sizeBelow(steps, position);
            const isFolded = folded.has(position);
            const { place, of } = placeAmong(steps, position);
            return (
              <tr
                key={position}
                data-position={position}
                data-kind={step.kind}
                aria-level={step.depth + 1}
                aria-posinset={place}
                aria-setsize={of}
                aria-expanded={below > 0 ? !isFolded : undefined}
                tabIndex={position === reachable ? 0 : -1}
                onFocus={() => setFocused(position)}
                onKeyDown={(event) => onKeyDown(event, position)}
              >
                <th scope="row">
                  <div
                    className="step"
                    style={{ "--depth": Math.min(step.depth, DEEPEST_INDENT) } as CSSProperties}
                  >
                    {below > 0 ? (
                      <button
                        type="button"
                        className="fold"
                        tabIndex={-1}
                        aria-label={isFolded ? `Unfold ${step.label}` : `Fold ${step.label}`}
                        onClick={() => fold(position, !isFolded)}
                      >
                        <Icon name="chevron" />
                      </button>
                    ) : (
                      <span className="fold" />
                    )}
                    <div>
                      <span className="step-label">{step.label}</span>{" "}
                      {step.agreement && (
                        <Link
                          to="/agreement/$id"
                          params={{ id: step.agreement.id }}
                          className="id"
                          tabIndex={-1}
                        >
                          {step.agreement.id}
                        </Link>
                      )}{" "}
                      {step.ref && <span className="quiet">{step.ref}</span>}
                      {isFolded && (
                        <button
                          type="button"
                          className="link"
                          tabIndex={-1}
                          onClick={() => fold(position, false)}
                        >
                          {plural(below, "step")} hidden: show
                        </button>
                      )}
                      {step.notes.map((note) => (
                        <p key={note} className="quiet">
                          {note}
                        </p>
                      ))}
                    </div>
                  </div>
                </th>
                <td data-label="Guaranteed" className="numeric">
                  {step.guaranteed?.text}
                </td>
                <td data-label="Independent" className="numeric">
                  {step.independent?.text}
                </td>
                <td data-label="Ceiling" className="numeric">
                  {step.ceiling?.text}
                </td>
                <td data-label="Share" className="numeric">
                  {step.share === null ? "" : share(step.share)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
