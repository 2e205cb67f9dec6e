import { useId, useState } from "react";
import { asFieldValue, fromFieldValue, inZone } from "../shared/times";

interface WhenFieldsProps {
  readonly from: string | undefined;
  readonly lasts: string | undefined;
  readonly onFrom: (from: string | undefined) => void;
  readonly onLasts: (lasts: string | undefined) => void;
}

/** When the outage starts and how long it lasts. */
export function WhenFields({ from, lasts, onFrom, onLasts }: WhenFieldsProps) {
  return (
    <div className="when">
      <Start from={from} onFrom={onFrom} />
      <Duration key={lasts ?? ""} lasts={lasts ?? ""} onLasts={onLasts} />
    </div>
  );
}

function Start({ from, onFrom }: Pick<WhenFieldsProps, "from" | "onFrom">) {
  const name = useId();
  const thisMinute = () =>
    new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString().replace(".000Z", "Z");
  return (
    <fieldset>
      <legend>Starts</legend>
      <label>
        <input type="radio" name={name} checked={from === undefined} onChange={() => onFrom(undefined)} /> now
      </label>
      <label>
        <input type="radio" name={name} checked={from !== undefined} onChange={() => onFrom(thisMinute())} />{" "}
        at
      </label>
      {from !== undefined && (
        <>
          <input
            type="datetime-local"
            aria-label="Start, in your time"
            key={from}
            defaultValue={asFieldValue(from)}
            onBlur={(event) => {
              const chosen = fromFieldValue(event.target.value);
              if (chosen !== undefined && asFieldValue(chosen) !== asFieldValue(from)) onFrom(chosen);
            }}
          />
          <span className="quiet">{inZone(from, "UTC")} UTC</span>
        </>
      )}
    </fieldset>
  );
}

function Duration({
  lasts,
  onLasts,
}: {
  readonly lasts: string;
  readonly onLasts: WhenFieldsProps["onLasts"];
}) {
  const [text, setText] = useState(lasts);
  const field = useId();
  const commit = () => {
    if (text.trim() !== lasts) onLasts(text.trim() || undefined);
  };
  return (
    <span className="field">
      <label htmlFor={field}>Lasts</label>
      <input
        id={field}
        type="text"
        list={`${field}-list`}
        placeholder="until further notice"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
      />
      <datalist id={`${field}-list`}>
        <option value="30 min" />
        <option value="1 h" />
        <option value="4 h" />
        <option value="1 d" />
      </datalist>
    </span>
  );
}
