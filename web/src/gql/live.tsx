import type { TypedDocumentNode } from "@urql/core";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { type AnyVariables, type UseQueryResponse, useClient, useQuery, useSubscription } from "urql";
import { type Connection, connectionStore } from "./client";
import { graphql } from "./graphql";

const POLLING_MS = 15_000;

const PORTFOLIO_CHANGED = graphql(`
  subscription PortfolioChanged($portfolio: ID!) {
    portfolioChanged(portfolio: $portfolio) { revision }
  }
`);

// Its first event says where it begins, so that nothing is missed that changed while nobody listened.
const ASSESSMENTS_CHANGED = graphql(`
  subscription AssessmentsChanged($portfolio: ID!) {
    assessmentsChanged(portfolio: $portfolio) { revision asOf }
  }
`);

const STATE = graphql(`
  query State($portfolio: ID!) {
    portfolio(portfolio: $portfolio) { revision asOf }
  }
`);

/** What answers depend on: the revision of the portfolio, and the day where it is today's. */
export interface State {
  readonly revision: number;
  readonly asOf: string;
}

const VersionContext = createContext("");

/** Names what answers depend on: what is shown of the portfolio is asked for anew when it changes. */
export function useVersion(): string {
  return useContext(VersionContext);
}

/** Whether changes are pushed to this page. */
export function useConnection(): Connection {
  return useSyncExternalStore(connectionStore.subscribe, connectionStore.get);
}

interface LiveProps {
  readonly portfolio: string;
  /** Whether the day is chosen: then it does not change at midnight. */
  readonly dayChosen: boolean;
  /** What is shown. */
  readonly known: State;
  /** Called when there is something newer. */
  readonly onNewer: () => void;
  readonly children: ReactNode;
}

/** Listens for changes of a portfolio; asks now and then while it cannot listen. */
export function Live({ portfolio, dayChosen, known, onNewer, children }: LiveProps) {
  const client = useClient();
  const connection = useConnection();
  const variables = { portfolio };
  const [changed] = useSubscription({ query: PORTFOLIO_CHANGED, variables });
  const [assessed] = useSubscription({ query: ASSESSMENTS_CHANGED, variables });
  const [polled, setPolled] = useState<State | null>(null);

  useEffect(() => {
    if (connection !== "lost") return;
    const timer = setInterval(() => {
      client
        .query(STATE, { portfolio }, { requestPolicy: "network-only" })
        .toPromise()
        .then((answer) => answer.data?.portfolio && setPolled(answer.data.portfolio));
    }, POLLING_MS);
    return () => clearInterval(timer);
  }, [client, connection, portfolio]);

  const heard = assessed.data?.assessmentsChanged;
  const version = newest(
    [known, polled, heard, changed.data && { ...known, ...changed.data.portfolioChanged }],
    dayChosen,
  );
  const newer = version !== newest([known], dayChosen);
  const tell = useEffectEvent(onNewer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every newer version is told once
  useEffect(() => {
    if (newer) tell();
  }, [version, newer]);
  return <VersionContext value={version}>{children}</VersionContext>;
}

function newest(states: readonly (State | null | undefined)[], dayChosen: boolean): string {
  const heard = states.filter((state) => state !== null && state !== undefined);
  const revision = Math.max(...heard.map((state) => state.revision));
  const day = heard
    .map((state) => state.asOf)
    .sort()
    .at(-1);
  return dayChosen ? `${revision}` : `${revision} ${day}`;
}

/** The answer to a query about the portfolio, asked anew whenever the portfolio changes. */
export function useCurrent<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): UseQueryResponse<Data, Variables> {
  const version = useVersion();
  const response = useQuery<Data, Variables>({ query, variables, pause });
  const asked = useRef(version);
  const ask = useEffectEvent(() => response[1]({ requestPolicy: "network-only" }));
  useEffect(() => {
    if (asked.current === version) return;
    asked.current = version;
    if (!pause) ask();
  }, [version, pause]);
  return response;
}
