import { Link } from "@tanstack/react-router";

/** An address that no page has. */
export function NotFound() {
  return (
    <section className="notice">
      <h1>There is no such page</h1>
      <p>
        <Link to="/">The board</Link> lists every promise with its verdict;{" "}
        <Link to="/outage">the outage page</Link> says who is hit if something fails.
      </p>
    </section>
  );
}
