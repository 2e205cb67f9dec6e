import { describe, expect, it } from "vitest";
import { chosenTarget, clausesIn, findingsOn } from "./model";
import type { AgreementData, Step } from "./queries";

type Target = AgreementData["assessments"]["nodes"][number];
type Finding = AgreementData["findings"]["nodes"][number];

const target = (service: string, metric: string): Target => ({
  nodeId: `${service} ${metric}`,
  service: { id: service, name: null },
  metric,
  verdict: "UNKNOWN",
  target: { text: metric },
});

const finding = (nodeId: string, service: string | null, metric: string | null): Finding => ({
  nodeId,
  severity: "ERROR",
  code: "TARGET_UNKNOWN",
  title: "",
  message: "",
  fix: null,
  service: service === null ? null : { id: service },
  metric,
});

const step = (agreement: string | null, ref: string | null): Step => ({
  parent: null,
  depth: 0,
  kind: "PROMISE",
  label: "",
  agreement: agreement === null ? null : { id: agreement },
  ref,
  guaranteed: null,
  independent: null,
  ceiling: null,
  share: null,
  notes: [],
});

describe("the target that is explained", () => {
  const targets = [target("web", "availability"), target("web", "latency"), target("shop", "latency")];

  it("is the one that the address asks for", () => {
    expect(chosenTarget(targets, { service: "shop", metric: "latency" })?.nodeId).toBe("shop latency");
    expect(chosenTarget(targets, { metric: "latency" })?.nodeId).toBe("web latency");
  });

  it("is the one of several on a service and a metric that its node says", () => {
    const points = [...targets, { ...target("web", "latency"), nodeId: "another point" }];
    const asked = { service: "web", metric: "latency" };
    expect(chosenTarget(points, { ...asked, nodeId: "another point" })?.nodeId).toBe("another point");
    expect(chosenTarget(points, { ...asked, nodeId: "shop latency" })?.nodeId).toBe("web latency");
  });

  it("is the worst where the address asks for none, or for one that is not there", () => {
    expect(chosenTarget(targets, {})?.nodeId).toBe("web availability");
    expect(chosenTarget(targets, { service: "gone" })?.nodeId).toBe("web availability");
    expect(chosenTarget([], {})).toBeUndefined();
  });
});

it("lists what concerns the target before the rest, and loses nothing", () => {
  const findings = [
    finding("other", "shop", null),
    finding("all", null, null),
    finding("own", "web", "latency"),
  ];
  const order = findingsOn(findings, target("web", "latency")).map(({ nodeId }) => nodeId);
  expect(order).toEqual(["all", "own", "other"]);
  expect(findingsOn(findings, undefined)).toEqual(findings);
});

it("names each clause once, in the order of the steps of both views", () => {
  const contracted = [step(null, null), step("uc-b", "§2"), step("uc-a", null)];
  const achievable = [step("uc-b", "§2"), step("uc-b", "§3")];
  expect(clausesIn(contracted, achievable)).toEqual([
    { agreement: "uc-b", ref: "§2" },
    { agreement: "uc-a", ref: null },
    { agreement: "uc-b", ref: "§3" },
  ]);
});
