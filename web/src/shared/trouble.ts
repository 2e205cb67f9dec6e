import type { CombinedError } from "@urql/core";

/** An error for people. */
export interface Told {
  readonly title: string;
  readonly details: readonly string[];
  readonly hint: string | null;
}

/** Whether the server wants to know who asks. */
export function asksWhoItIs(error: CombinedError | undefined | null): boolean {
  return (error?.response as Response | undefined)?.status === 401;
}

/** What an error means and what can be done about it. */
export function told(error: CombinedError): Told {
  const status = (error.response as Response | undefined)?.status;
  const details = error.graphQLErrors.map((each) => each.message);
  if (status === 429) {
    return { title: "the server is busy", details: [], hint: "Wait a moment, then try again." };
  }
  if (details.length > 0) return { title: "the server refused the question", details, hint: null };
  if (error.networkError && status === undefined) {
    return {
      title: "the server cannot be reached",
      details: [],
      hint: "What is shown may be out of date. The page goes on trying.",
    };
  }
  return { title: `the server answered with status ${status ?? "unknown"}`, details, hint: null };
}
