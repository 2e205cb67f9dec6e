import type { ErrorComponentProps } from "@tanstack/react-router";

/** A page that failed to show itself. */
export function Broken({ error }: ErrorComponentProps) {
  return (
    <section className="notice" data-tone="ERROR" role="alert">
      <h1>This page cannot be shown</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load it anew
      </button>
    </section>
  );
}
