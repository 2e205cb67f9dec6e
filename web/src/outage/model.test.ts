import { describe, expect, it } from "vitest";
import { asked, budgetLeft, chosen, headline, moreOptions, options, withFailing } from "./model";
import type { Budget, OptionsData, OutageData } from "./queries";

function outage(changes: Partial<OutageData> = {}): OutageData {
  return {
    failed: { providers: [], services: [], agreements: [], regions: [], zones: [] },
    from: "2026-12-01T09:00:00Z",
    for: null,
    states: [
      { state: "DOWN", count: 2 },
      { state: "AT_RISK", count: 0 },
      { state: "DEGRADED", count: 1 },
    ],
    customersCount: 1,
    customers: [],
    notKnownCount: 0,
    notKnown: [],
    slas: { totalCount: 3 },
    others: { totalCount: 0 },
    ...changes,
  };
}

function budget(changes: Partial<Budget>): Budget {
  return {
    target: { text: "" },
    windowFrom: "",
    windowTo: "",
    allowed: 2664,
    already: 0,
    left: null,
    breach: false,
    breachesAt: null,
    holdsUntil: null,
    remarks: [],
    ...changes,
  };
}

describe("what fails", () => {
  it("is what the address names, with the names that the server gives", () => {
    const search = { provider: ["cloudco"], service: ["web", "db"], region: ["eu"] };
    const failed = {
      ...outage().failed,
      providers: [{ id: "cloudco", name: "CloudCo" }],
      services: [{ id: "web", name: null }],
    };
    expect(chosen(search, failed).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "provider CloudCo",
      "service web",
      "service db",
      "region eu",
    ]);
    expect(asked(search)).toEqual({
      providers: ["cloudco"],
      services: ["web", "db"],
      agreements: null,
      regions: ["eu"],
      zones: null,
      from: null,
      for: null,
    });
  });

  it("is added to the address and taken out of it", () => {
    expect(withFailing({ zone: ["a"] }, { kind: "zone", id: "b" }, true)).toEqual({ zone: ["a", "b"] });
    expect(withFailing({ zone: ["a"] }, { kind: "zone", id: "a" }, true)).toEqual({ zone: ["a"] });
    expect(withFailing({ zone: ["a"] }, { kind: "zone", id: "a" }, false)).toEqual({ zone: undefined });
  });
});

describe("what can be chosen", () => {
  const data: OptionsData = {
    providers: { totalCount: 41, nodes: [{ id: "cloudco", name: "CloudCo", kind: "EXTERNAL" }] },
    services: {
      totalCount: 2,
      nodes: [{ id: "web", name: null, provider: { id: "cloudco", name: "CloudCo" } }],
    },
    agreements: { totalCount: 1, nodes: [{ id: "uc-cloud", kind: "UC", ref: "§4" }] },
    portfolio: { regions: ["cloud-west", "east"], zones: ["cloud-west-1"] },
  };

  it("is what matches, less what is chosen already", () => {
    const taken = [{ kind: "provider", id: "cloudco", name: "CloudCo", about: "" }] as const;
    const found = options(data, { text: "CLOUD", answered: "CLOUD", taken });
    expect(found.map(({ kind, id, about }) => [kind, id, about])).toEqual([
      ["region", "cloud-west", ""],
      ["zone", "cloud-west-1", ""],
      ["service", "web", "of CloudCo"],
      ["agreement", "uc-cloud", "UC, §4"],
    ]);
  });

  it("is never what another text found", () => {
    const found = options(data, { text: "cloud-", answered: "cloud", taken: [] });
    expect(found.map(({ id }) => id)).toEqual(["cloud-west", "cloud-west-1"]);
  });

  it("says how many more there are", () => {
    expect(moreOptions(data)).toBe("40 more providers, 1 more service");
    expect(
      moreOptions({
        ...data,
        providers: { ...data.providers, totalCount: 1 },
        services: { ...data.services, totalCount: 1 },
      }),
    ).toBeNull();
  });
});

describe("who is hit", () => {
  it("is said in one sentence, states without services left out", () => {
    expect(headline(outage())).toBe("2 services down, 1 degraded; 3 promises to 1 customer affected.");
  });

  it("never leaves out what is not known", () => {
    const nothing = outage({ states: [], notKnownCount: 2 });
    expect(headline(nothing)).toBe(
      "No service is affected, as far as is known. It is not known whether 2 other services are hit.",
    );
    expect(headline(outage({ notKnownCount: 1 }))).toMatch(/whether 1 other service is hit\.$/);
  });
});

describe("a budget", () => {
  it("is left, overdrawn, or open while nobody knows when the outage ends", () => {
    expect(budgetLeft(budget({ left: 600 }))).toEqual({ left: "10 min left", of: "of 44 min 24 s" });
    expect(budgetLeft(budget({ left: -60, already: 120 }))).toEqual({
      left: "overdrawn by 1 min",
      of: "of 44 min 24 s, 2 min used up before",
    });
    expect(budgetLeft(budget({ already: 120 }))).toEqual({
      left: "44 min 24 s allowed",
      of: "2 min used up before",
    });
  });
});
