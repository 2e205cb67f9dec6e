const DAY = 86_400;
const HOUR = 3_600;
const MINUTE = 60;

/** Seconds as people say them, the two largest units: "44 min 24 s", "3 d 2 h"; rounded towards nothing. */
export function span(seconds: number): string {
  const total = Math.trunc(Math.abs(seconds));
  const parts = [
    [Math.trunc(total / DAY), "d"],
    [Math.trunc((total % DAY) / HOUR), "h"],
    [Math.trunc((total % HOUR) / MINUTE), "min"],
    [total % MINUTE, "s"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return total === 0 && seconds !== 0 ? "under 1 s" : "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

const PERIOD = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;

/** A period of the calendar as people say it: "P180D" is "180 days"; anything else stays as it is. */
export function period(iso: string): string {
  const [, ...amounts] = PERIOD.exec(iso) ?? [];
  const units = ["year", "month", "week", "day"];
  const said = units.flatMap((unit, index) => {
    const amount = amounts[index];
    return amount === undefined ? [] : [`${amount} ${unit}${amount === "1" ? "" : "s"}`];
  });
  return said.join(" ") || iso;
}

/** The time from one instant to another: "in 44 min 24 s", "2 h before the start", "at once". */
export function sinceStart(start: string, instant: string): string {
  const seconds = (Date.parse(instant) - Date.parse(start)) / 1000;
  if (seconds === 0) return "at once";
  return seconds > 0 ? `after ${span(seconds)}` : `${span(seconds)} before the start`;
}

/** An instant in a time zone: "2026-12-01 10:44:24"; seconds only where there are any. */
export function inZone(instant: string, timeZone: string | undefined): string {
  const date = new Date(instant);
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  const seconds = part("second") === "00" ? "" : `:${part("second")}`;
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}${seconds}`;
}

/** The name of a time zone at an instant: "GMT+1"; undefined is the reader's own. */
export function zoneName(instant: string, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone === undefined ? {} : { timeZone }),
    timeZoneName: "short",
  }).formatToParts(new Date(instant));
  return parts.find((each) => each.type === "timeZoneName")?.value ?? "";
}

/** What a `datetime-local` field shows for an instant, in the reader's time zone. */
export function asFieldValue(instant: string, timeZone?: string): string {
  return inZone(instant, timeZone).replace(" ", "T").slice(0, 16);
}

/** The instant that a `datetime-local` field states, in UTC; undefined where it states none. */
export function fromFieldValue(value: string): string | undefined {
  const date = new Date(value); // without a zone it is read in the reader's own
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(".000Z", "Z");
}

/** The value of a name in an address if it is an instant with its zone. */
export function fieldInstant(value: string | undefined): string | undefined {
  const zoned = value !== undefined && /(Z|[+-]\d{2}:\d{2})$/.test(value);
  return zoned && !Number.isNaN(Date.parse(value)) ? value : undefined;
}
