import { describe, expect, it } from "vitest";
import { differences, findingFilter, kindsOf, otherKinds, targetFilter, toldDifferences } from "./model";
import type { Target } from "./queries";

function target(nodeId: string, changes: Partial<Target> = {}): Target {
  return {
    nodeId,
    agreement: { id: "sla", kind: "SLA", ref: null, provider: { id: "us", name: null }, customers: [] },
    service: { id: "shop", name: null },
    metric: "availability",
    target: { text: "availability 99.9% a month", for: null },
    verdict: "SUPPORTED",
    gap: -0.001,
    draft: false,
    resold: false,
    sentence: "It holds.",
    fix: null,
    ...changes,
  };
}

describe("what the board lists", () => {
  it("is SLAs, unless the address says otherwise", () => {
    expect(kindsOf({})).toEqual(["SLA"]);
    expect(otherKinds({})).toEqual(["OLA", "UC"]);
    expect(targetFilter({})).toEqual({ kind: ["SLA"] });
    expect(kindsOf({ kind: ["OLA", "UC"] })).toEqual(["OLA", "UC"]);
    expect(otherKinds({ kind: ["SLA", "OLA", "UC"] })).toEqual([]);
  });

  it("is narrowed by every filter of the address", () => {
    const search = {
      verdict: ["UNKNOWN"],
      metric: "latency",
      q: "web",
      severity: ["ERROR"],
      code: "CYCLE",
    } as const;
    expect(targetFilter(search)).toEqual({
      kind: ["SLA"],
      verdict: ["UNKNOWN"],
      metric: ["latency"],
      search: "web",
    });
    expect(findingFilter(search)).toEqual({ severity: ["ERROR"], code: ["CYCLE"], search: "web" });
  });
});

describe("what became different", () => {
  const before = [target("a"), target("b"), target("c")];

  it("is a verdict, a gap or a reason, and what is new or gone", () => {
    const now = [target("d"), target("b", { verdict: "CONDITIONAL" }), target("a")];
    const found = differences(before, now, true);
    expect([...found.changed]).toEqual(["b"]);
    expect([...found.appeared]).toEqual(["d"]);
    expect(found.gone).toBe(1);
    expect(toldDifferences(found)).toBe("1 changed, 1 new, 1 gone");
  });

  it("is nothing where only the order changed", () => {
    expect(toldDifferences(differences(before, before.toReversed(), true))).toBeNull();
  });

  it("leaves out what may only have moved out of the part that is shown", () => {
    expect(differences(before, [target("a")], false).gone).toBe(0);
  });
});
