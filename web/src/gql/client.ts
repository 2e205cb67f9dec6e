import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSocket } from "graphql-ws";
import { authorization } from "./credential";

const PATH = "/graphql";
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Whether changes are pushed to this page. */
export type Connection = "connecting" | "live" | "lost";

let connection: Connection = "connecting";
const watchers = new Set<() => void>();

function become(next: Connection): void {
  connection = next;
  for (const watcher of watchers) watcher();
}

/** The state of the WebSocket, for `useSyncExternalStore`. */
export const connectionStore = {
  subscribe(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  get: (): Connection => connection,
};

const socket = createSocket({
  url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${PATH}`,
  connectionParams: authorization,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: async (retries) => {
    const wait = Math.min(SHORTEST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS);
    const spread = 0.5 + Math.random() / 2; // a server that comes back is not asked by everybody at once
    await new Promise((resolve) => setTimeout(resolve, wait * spread));
  },
  on: { connected: () => become("live"), closed: () => become("lost") },
});

/** Asks the API of this server. Answers are shown from memory first, and always asked for anew. */
export const client = new Client({
  url: PATH,
  preferGetMethod: false,
  requestPolicy: "cache-and-network",
  fetchOptions: () => ({ headers: authorization() }),
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ ...request, query: request.query ?? "" }, sink),
        }),
      }),
    }),
  ],
});
