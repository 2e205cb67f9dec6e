import { useEffect, useEffectEvent, useId, useState } from "react";

const PAUSE_MS = 300;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (value: string) => void;
}

/** A field to search by text; it searches when one stops typing. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [searched, setSearched] = useState(value);
  const field = useId();

  if (searched !== value) {
    // the address has changed by another way than this field
    setSearched(value);
    setText(value);
  }

  const search = useEffectEvent((wanted: string) => {
    setSearched(wanted);
    onSearch(wanted);
  });
  useEffect(() => {
    if (text.trim() === searched) return;
    const timer = setTimeout(() => search(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, searched]);

  return (
    <span className="field">
      <label htmlFor={field}>{label}</label>
      <input id={field} type="search" value={text} onChange={(event) => setText(event.target.value)} />
    </span>
  );
}
