import type { CombinedError, TypedDocumentNode } from "@urql/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";

/** One page of a connection. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The pages loaded so far. */
export interface Pages<Node> {
  readonly nodes: readonly Node[];
  /** How many there are in all. */
  readonly totalCount: number;
  /** How many are not loaded yet. */
  readonly hidden: number;
  /** What the nodes answer; it changes when other ones are asked for, not when the same are asked for again. */
  readonly key: string;
  /** Counts how often all of it was loaded anew; further pages do not count. */
  readonly generation: number;
  /** Whether something is on its way. Nodes shown meanwhile answer the question before. */
  readonly loading: boolean;
  readonly error: CombinedError | null;
  /** Load the next page. */
  more(): void;
  /** Ask again. */
  retry(): void;
}

interface Loaded<Node> {
  readonly key: string;
  readonly nodes: readonly Node[];
  readonly totalCount: number;
  readonly cursor: string | null;
  readonly pages: number;
  readonly generation: number;
}

/**
 * Loads a connection page by page. When `version` changes, all pages that are shown are loaded anew and replaced at
 * once.
 *
 * @param pick finds the connection in an answer; null where the thing that has it is not there.
 */
export function usePages<Data, Variables extends object, Node>(
  query: TypedDocumentNode<Data, Variables & { after?: string | null }>,
  variables: Variables,
  pick: (data: Data) => Page<Node> | null,
  version: string,
): Pages<Node> {
  const client = useClient();
  const key = JSON.stringify(variables);
  const [loaded, setLoaded] = useState<Loaded<Node> | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<CombinedError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const shown = useRef<Loaded<Node> | null>(null);
  const asking = useRef({ query, variables, pick });
  asking.current = { query, variables, pick };

  const load = useCallback(
    async (count: number, start: Loaded<Node> | null): Promise<Loaded<Node> | CombinedError> => {
      let result: Loaded<Node> = start ?? {
        key,
        nodes: [],
        totalCount: 0,
        cursor: null,
        pages: 0,
        generation: 0,
      };
      for (let page = 0; page < count; page += 1) {
        const { query, variables, pick } = asking.current;
        const asked = { ...variables, after: result.cursor };
        const answer = await client.query(query, asked, { requestPolicy: "network-only" }).toPromise();
        if (answer.error) return answer.error;
        const found = answer.data === undefined ? null : pick(answer.data);
        if (found === null) break;
        result = {
          ...result,
          key,
          nodes: [...result.nodes, ...found.nodes],
          totalCount: found.totalCount,
          cursor: found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null,
          pages: result.pages + 1,
        };
        if (result.cursor === null) break;
      }
      return result;
    },
    [client, key],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version and another attempt ask the same again
  useEffect(() => {
    let wanted = true;
    const same = shown.current?.key === key;
    const remembered = same ? null : firstPage(key);
    if (remembered) show(remembered);
    setLoading(true);
    load(same ? (shown.current?.pages ?? 1) : 1, null).then((result) => {
      if (!wanted) return;
      setLoading(false);
      settle(result, (shown.current?.generation ?? 0) + 1);
    });
    return () => {
      wanted = false;
    };
  }, [key, version, attempt, load]);

  function firstPage(of: string): Loaded<Node> | null {
    const { query, variables, pick } = asking.current;
    const data = client.readQuery(query, { ...variables, after: null })?.data;
    const found = data ? pick(data) : null;
    if (!found) return null;
    const cursor = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
    return { key: of, nodes: found.nodes, totalCount: found.totalCount, cursor, pages: 1, generation: 0 };
  }

  function show(result: Loaded<Node>): void {
    shown.current = result;
    setLoaded(result);
    setError(null);
  }

  function settle(result: Loaded<Node> | CombinedError, generation: number): void {
    if ("graphQLErrors" in result) setError(result);
    else show({ ...result, generation });
  }

  const more = () => {
    const start = shown.current;
    if (loading || start === null || start.cursor === null) return;
    setLoading(true);
    load(1, start).then((result) => {
      if (shown.current !== start) return;
      setLoading(false);
      settle(result, start.generation);
    });
  };

  return {
    nodes: loaded?.nodes ?? [],
    totalCount: loaded?.totalCount ?? 0,
    hidden: loaded ? loaded.totalCount - loaded.nodes.length : 0,
    key: loaded?.key ?? key,
    generation: loaded?.generation ?? 0,
    loading,
    error,
    more,
    retry: () => setAttempt((made) => made + 1),
  };
}
