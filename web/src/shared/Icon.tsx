import type { ReactNode } from "react";

const SHAPES = {
  barred: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M3.8 12.2 12.2 3.8" />
    </>
  ),
  cross: <path d="m3.5 3.5 9 9m0-9-9 9" />,
  question: (
    <>
      <path d="M5.2 5.6a2.8 2.8 0 1 1 4.3 2.3c-1 .7-1.5 1.2-1.5 2.4" />
      <path d="M8 13.2v.1" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />
    </>
  ),
  check: <path d="m2.8 8.6 3.6 3.6 6.8-8" />,
  triangle: (
    <>
      <path d="M8 2.2 14.4 13.4H1.6z" />
      <path d="M8 6.6v3m0 1.9v.1" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.4v3.8m0-6.4v.1" />
    </>
  ),
  phone: (
    <path d="M3.2 2.4h2.6l1.2 3-1.6 1.2a8 8 0 0 0 4 4l1.2-1.6 3 1.2v2.6c0 .6-.5 1-1 1A10.4 10.4 0 0 1 2.2 3.4c0-.5.4-1 1-1z" />
  ),
  arrow: <path d="M2.5 8h11m-4-4 4 4-4 4" />,
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  pulse: <path d="M1.5 8.5h3l2-5 3 9 2-4h3" />,
  lens: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.4 10.4 3.6 3.6" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** A sign beside a word; it says nothing by itself, so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  );
}
