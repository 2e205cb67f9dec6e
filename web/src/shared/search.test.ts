import { describe, expect, it } from "vitest";
import { day, formatQuery, many, manyOf, one, oneOf, parseQuery, stated, toggled } from "./search";

describe("the query of an address", () => {
  it("has a list where a name stands there more than once", () => {
    expect(parseQuery("?verdict=UNKNOWN&q=web&verdict=SUPPORTED&verdict=UNKNOWN")).toEqual({
      verdict: ["UNKNOWN", "SUPPORTED", "UNKNOWN"],
      q: "web",
    });
  });

  it.each([
    {},
    { provider: ["cloudco", "a.b:c/d_e-f"], for: "4 h" },
    { q: "§4.2 & more = 100%?", from: "2026-12-01T09:00:00Z" },
    { id: ["01", "1e3", "true", "null"] },
  ])("is read as it was written: %o", (query) => {
    expect(parseQuery(formatQuery(query))).toEqual(query);
  });

  it("leaves out what says nothing", () => {
    expect(formatQuery({ a: undefined, b: "", c: [], d: null })).toBe("");
  });

  it("keeps colons and slashes readable", () => {
    expect(formatQuery({ from: "2026-12-01T09:00:00Z", service: "shop/web" })).toBe(
      "?from=2026-12-01T09:00:00Z&service=shop/web",
    );
  });
});

describe("a value of an address", () => {
  it("is the last one where one is wanted", () => {
    expect([one("a"), one(["a", "b"]), one(""), one(undefined), one(7)]).toEqual([
      "a",
      "b",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("counts once among several", () => {
    expect([many("a"), many(["b", "a", "b", ""]), many([]), many(undefined)]).toEqual([
      ["a"],
      ["b", "a"],
      undefined,
      undefined,
    ]);
  });

  it("must be known where a choice is wanted", () => {
    const known = ["DOWN", "UP"] as const;
    expect(oneOf("UP", known)).toBe("UP");
    expect(oneOf("SIDEWAYS", known)).toBeUndefined();
    expect(manyOf(["UP", "SIDEWAYS", "DOWN"], known)).toEqual(["DOWN", "UP"]);
    expect(manyOf("SIDEWAYS", known)).toBeUndefined();
  });

  it("is a day only if the calendar has it", () => {
    expect(day("2026-11-23")).toBe("2026-11-23");
    expect([day("2026-13-01"), day("23.11.2026"), day("2026-11-23T09:00:00Z")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is not stated where it is undefined", () => {
    expect(Object.keys(stated({ a: 1, b: undefined }))).toEqual(["a"]);
  });
});

describe("a filter that is pressed", () => {
  it("lets a value in, and out again; with none left there is no filter", () => {
    expect(toggled(undefined, "a")).toEqual(["a"]);
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
    expect(toggled(["b"], "b")).toBeUndefined();
  });
});
