import { inZone, zoneName } from "./times";

/** An instant in the reader's time and in UTC; once where the two are the same. */
export function Instant({ at }: { readonly at: string }) {
  const local = inZone(at, undefined);
  const utc = inZone(at, "UTC");
  return (
    <time dateTime={at} className="instant">
      <span>
        {local} {local === utc ? "UTC" : zoneName(at, undefined)}
      </span>
      {local !== utc && <span className="quiet">{utc} UTC</span>}
    </time>
  );
}
