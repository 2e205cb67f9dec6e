import { describe, expect, it } from "vitest";
import {
  asFieldValue,
  fieldInstant,
  fromFieldValue,
  inZone,
  period,
  sinceStart,
  span,
  zoneName,
} from "./times";

describe("a span of seconds", () => {
  it.each([
    [0, "0 s"],
    [0.4, "under 1 s"],
    [59.9, "59 s"],
    [2664, "44 min 24 s"],
    [3600, "1 h"],
    [7776, "2 h 9 min"],
    [86_399, "23 h 59 min"],
    [180_000, "2 d 2 h"],
    [86_460, "1 d"],
    [-90, "1 min 30 s"],
  ])("%d is %s", (seconds, said) => {
    expect(span(seconds)).toBe(said);
  });
});

describe("a period", () => {
  it.each([
    ["P180D", "180 days"],
    ["P1D", "1 day"],
    ["P1Y6M", "1 year 6 months"],
    ["P2W", "2 weeks"],
    ["PT36H", "PT36H"],
    ["P", "P"],
  ])("%s is %s", (iso, said) => {
    expect(period(iso)).toBe(said);
  });
});

describe("an instant", () => {
  const start = "2026-12-01T09:00:00Z";

  it("is told from the start of the outage", () => {
    expect(sinceStart(start, "2026-12-01T09:44:24Z")).toBe("after 44 min 24 s");
    expect(sinceStart(start, start)).toBe("at once");
    expect(sinceStart(start, "2026-12-01T08:00:00Z")).toBe("1 h before the start");
  });

  it("is shown in a time zone, with its seconds if it has any", () => {
    expect(inZone(start, "UTC")).toBe("2026-12-01 09:00");
    expect(inZone("2026-12-01T23:44:24Z", "Europe/Berlin")).toBe("2026-12-02 00:44:24");
    expect(zoneName("2026-07-01T00:00:00Z", "Europe/Berlin")).not.toBe(zoneName(start, "Europe/Berlin"));
  });

  it("comes back from a field as it went in", () => {
    const value = asFieldValue(start);
    expect(value).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/);
    expect(fromFieldValue(value)).toBe(start);
    expect(fromFieldValue("")).toBeUndefined();
  });

  it("counts in an address only with its zone", () => {
    expect(fieldInstant(start)).toBe(start);
    expect(fieldInstant("2026-12-01T10:00:00+01:00")).toBe("2026-12-01T10:00:00+01:00");
    expect(fieldInstant("2026-12-01T09:00:00")).toBeUndefined();
    expect(fieldInstant("tomorrowZ")).toBeUndefined();
    expect(fieldInstant(undefined)).toBeUndefined();
  });
});
