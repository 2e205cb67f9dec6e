import { CombinedError } from "@urql/core";
import { describe, expect, it } from "vitest";
import { asksWhoItIs, told } from "./trouble";

const answered = (status: number, ...messages: string[]) =>
  new CombinedError({
    ...(messages.length > 0 ? { graphQLErrors: messages } : { networkError: new Error("refused") }),
    response: { status },
  });

describe("an error", () => {
  it("is told in the server's own words where it has some", () => {
    const { title, details } = told(answered(200, "There is no provider cloudcoo; nearest: cloudco"));
    expect(title).toBe("the server refused the question");
    expect(details).toEqual(["There is no provider cloudcoo; nearest: cloudco"]);
  });

  it("says what to do where the server cannot be reached or is busy", () => {
    expect(told(new CombinedError({ networkError: new Error("no route") })).title).toMatch(
      /cannot be reached/,
    );
    expect(told(answered(429)).hint).toMatch(/try again/);
  });

  it("tells the status where there is nothing else to tell", () => {
    expect(told(answered(503)).title).toBe("the server answered with status 503");
  });

  it("asks who one is only where the server wants to know", () => {
    expect([answered(401), answered(403), undefined].map(asksWhoItIs)).toEqual([true, false, false]);
  });
});
