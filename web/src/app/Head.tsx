import { Link, useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { credential, signOut } from "../gql/credential";
import { graphql, type ResultOf } from "../gql/graphql";
import { useConnection } from "../gql/live";
import { Icon } from "../shared/Icon";
import { DEFAULT_PORTFOLIO } from "./search";

export const HEAD = graphql(`
  query Head($portfolio: ID!, $asOf: Date) {
    me { id name role }
    portfolios(first: 1000) { nodes { id name } }
    portfolio(portfolio: $portfolio, asOf: $asOf) { id name revision asOf }
  }
`);

interface HeadProps {
  readonly head: ResultOf<typeof HEAD> | undefined;
  readonly asked: string;
}

/** The way between the pages, the portfolio with its revision, and who is signed in. */
export function Head({ head, asked }: HeadProps) {
  return (
    <header className="head">
      <nav aria-label="Pages">
        <Link to="/" className="brand" activeOptions={{ exact: true, includeSearch: false }}>
          <img src="/favicon.svg" alt="" width="24" height="24" />
          olagraph
        </Link>
        <Link to="/" className="tab" activeOptions={{ exact: true, includeSearch: false }}>
          Board
        </Link>
        <Link to="/outage" className="tab" activeOptions={{ includeSearch: false }}>
          Outage
        </Link>
        <a href="/graphiql/" className="tab">
          API
        </a>
      </nav>
      <div className="head-state">
        {head && <Portfolios head={head} asked={asked} />}
        {head?.portfolio && (
          <>
            <span className="revision">
              Revision <b>{head.portfolio.revision}</b>
            </span>
            <ConnectionState />
          </>
        )}
        {head && credential() !== null && (
          <span className="who">
            {head.me.name}, {head.me.role.toLowerCase()}
            <button type="button" className="link" onClick={signOut}>
              Sign out
            </button>
          </span>
        )}
      </div>
    </header>
  );
}

function Portfolios({ head, asked }: { readonly head: ResultOf<typeof HEAD>; readonly asked: string }) {
  const navigate = useNavigate();
  const field = useId();
  const there = head.portfolios.nodes;
  if (there.length < 2) return null;
  return (
    <>
      <label htmlFor={field} className="quiet">
        Portfolio
      </label>
      <select
        id={field}
        value={asked}
        onChange={(event) => {
          const id = event.target.value;
          navigate({ to: "/", search: { portfolio: id === DEFAULT_PORTFOLIO ? undefined : id } });
        }}
      >
        {there.every((each) => each.id !== asked) && <option value={asked}>{asked}</option>}
        {there.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name ?? each.id}
          </option>
        ))}
      </select>
    </>
  );
}

const CONNECTIONS = {
  connecting: { icon: "pulse", word: "Connecting", meaning: "Changes will appear by themselves" },
  live: { icon: "pulse", word: "Live", meaning: "Changes appear by themselves" },
  lost: {
    icon: "triangle",
    word: "Not live",
    meaning: "The connection is lost; the page asks for changes every 15 seconds",
  },
} as const;

function ConnectionState() {
  const connection = useConnection();
  const { icon, word, meaning } = CONNECTIONS[connection];
  return (
    <span className="connection" data-tone={connection} title={meaning} role="status">
      <Icon name={icon} />
      {word}
    </span>
  );
}
