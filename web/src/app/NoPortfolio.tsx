import { Link } from "@tanstack/react-router";
import type { Named } from "../shared/NameAndId";
import { nameOf } from "../shared/NameAndId";

interface NoPortfolioProps {
  readonly asked: string;
  readonly there: readonly Named[];
}

/** The portfolio of the address is not there, or not for this reader: the server does not tell the two apart. */
export function NoPortfolio({ asked, there }: NoPortfolioProps) {
  return (
    <section className="notice">
      <h1>There is no portfolio {asked} here</h1>
      {there.length > 0 ? (
        <>
          <p>You may see:</p>
          <ul>
            {there.map((each) => (
              <li key={each.id}>
                <Link to="/" search={{ portfolio: each.id }}>
                  {nameOf(each)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>
          Load one from files: <code>olagraph import portfolio.yaml --into STORE</code>
        </p>
      )}
    </section>
  );
}
