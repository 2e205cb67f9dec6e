import { describe, expect, it } from "vitest";
import { parseQuery } from "../shared/search";
import { boardSearch, explanationSearch, outageSearch, rootSearch } from "./search";

describe("what an address states", () => {
  it("is typed, and what no page knows is left out", () => {
    const query = parseQuery(
      "?verdict=UNKNOWN&verdict=PERFECT&kind=OLA&show=elsewhere&metric=availability&x=1",
    );
    expect(boardSearch(query)).toEqual({ verdict: ["UNKNOWN"], kind: ["OLA"], metric: "availability" });
  });

  it("is an outage of several things", () => {
    const query = parseQuery(
      "?provider=cloudco&provider=hostco&region=eu-west&from=2026-12-01T09:00:00Z&for=4+h&service=1",
    );
    expect(outageSearch(query)).toEqual({
      provider: ["cloudco", "hostco"],
      region: ["eu-west"],
      service: ["1"],
      from: "2026-12-01T09:00:00Z",
      for: "4 h",
    });
  });

  it("is the portfolio and the day of every page, and the target of an explanation", () => {
    const query = parseQuery("?portfolio=bank&asOf=2026-11-23&service=web&metric=latency");
    expect(rootSearch(query)).toEqual({ portfolio: "bank", asOf: "2026-11-23" });
    expect(explanationSearch(query)).toEqual({ service: "web", metric: "latency" });
    expect(rootSearch(parseQuery("?asOf=yesterday"))).toEqual({});
  });
});
