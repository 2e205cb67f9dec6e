const COUNT = new Intl.NumberFormat("en");
const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** A count with its thousands grouped: "1,240". */
export function count(value: number): string {
  return COUNT.format(value);
}

/** A count with its noun: "1 finding", "1,240 findings". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A share of a budget: "38%"; never shown as nothing where it is something. */
export function share(part: number): string {
  return part > 0 && part < 0.01 ? "under 1%" : SHARE.format(Math.min(part, 1));
}
