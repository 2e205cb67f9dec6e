import { Outlet, useLocation, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { Live } from "../gql/live";
import { Trouble } from "../shared/Trouble";
import { asksWhoItIs } from "../shared/trouble";
import { HEAD, Head } from "./Head";
import { NoPortfolio } from "./NoPortfolio";
import { SignIn } from "./SignIn";
import { DEFAULT_PORTFOLIO } from "./search";

/** What surrounds every page: where one is, which portfolio and day, and how current it is. */
export function Shell() {
  const { portfolio = DEFAULT_PORTFOLIO, asOf } = useSearch({ from: "__root__" });
  const [{ data, error }, ask] = useQuery({
    query: HEAD,
    variables: { portfolio, asOf: asOf ?? null },
  });
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const opened = useRef(pathname);

  // The reader of a screen hears the new page, not the link that led to it.
  useEffect(() => {
    if (opened.current !== pathname) main.current?.focus({ preventScroll: true });
    opened.current = pathname;
  }, [pathname]);

  if (asksWhoItIs(error)) return <SignIn />;
  const shown = data?.portfolio;
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Head head={data} asked={portfolio} />
      <main id="content" ref={main} tabIndex={-1}>
        {error && <Trouble error={error} what="The portfolio" onRetry={() => ask()} />}
        {data && !shown && !error && <NoPortfolio asked={portfolio} there={data.portfolios.nodes} />}
        {!data && !error && <p className="quiet">Loading the portfolio</p>}
        {shown && (
          <Live
            key={portfolio}
            portfolio={portfolio}
            dayChosen={asOf !== undefined}
            known={shown}
            onNewer={() => ask({ requestPolicy: "network-only" })}
          >
            <Outlet />
          </Live>
        )}
      </main>
    </>
  );
}
