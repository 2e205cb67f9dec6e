import { useId } from "react";

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly options: readonly string[];
  readonly value: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
}

/** A list to choose one value from, or all. */
export function Choice({ label, all, options, value, onChoose }: ChoiceProps) {
  const field = useId();
  return (
    <span className="field">
      <label htmlFor={field}>{label}</label>
      <select id={field} value={value ?? ""} onChange={(event) => onChoose(event.target.value || undefined)}>
        <option value="">{all}</option>
        {value !== undefined && !options.includes(value) && <option>{value}</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </span>
  );
}
