import { expect, it } from "vitest";
import { count, plural, share } from "./numbers";

it("groups thousands and agrees with its noun", () => {
  expect(count(1_234_567)).toBe("1,234,567");
  expect(plural(1, "finding")).toBe("1 finding");
  expect(plural(0, "finding")).toBe("0 findings");
});

it("shows no share as nothing that is something, and none above the whole", () => {
  expect([0, 0.004, 0.25, 1, 1.0000001].map(share)).toEqual(["0%", "under 1%", "25%", "100%", "100%"]);
});
