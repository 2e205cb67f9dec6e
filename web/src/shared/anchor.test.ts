import { expect, it } from "vitest";
import { positionAfter } from "./anchor";

it("finds what one looked at where it is now", () => {
  expect(positionAfter(["a", "b", "c"], ["x", "a", "b", "c"], "b")).toBe(2);
});

it("takes the next that is still there where it is gone", () => {
  expect(positionAfter(["a", "b", "c", "d"], ["a", "x", "d"], "b")).toBe(2);
});

it("finds nothing where it is gone with all that followed it", () => {
  expect(positionAfter(["a", "b", "c"], ["a"], "b")).toBeNull();
  expect(positionAfter(["a"], [], "a")).toBeNull();
});

it("finds what was not there before if it is there now", () => {
  expect(positionAfter([], ["a", "b"], "b")).toBe(1);
});
