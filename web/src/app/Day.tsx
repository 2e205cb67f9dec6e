import { useNavigate, useSearch } from "@tanstack/react-router";
import { useId } from "react";
import { day } from "../shared/search";

/** The day of assessment, and the way to another one and back to today. */
export function Day({ shown }: { readonly shown: string }) {
  const { asOf } = useSearch({ from: "__root__" });
  const navigate = useNavigate();
  const field = useId();
  const goTo = (chosen: string | undefined) =>
    navigate({
      to: ".",
      search: (search) => ({ ...search, asOf: chosen }),
      replace: true,
      resetScroll: false,
    });
  return (
    <span className="field day">
      <label htmlFor={field}>As of</label>
      <input
        id={field}
        type="date"
        key={shown}
        defaultValue={shown}
        onChange={(event) => {
          const chosen = day(event.target.value);
          if (chosen !== undefined && chosen >= "1900") goTo(chosen); // a year that is still being typed is none
        }}
      />
      {asOf !== undefined && (
        <button type="button" className="button" onClick={() => goTo(undefined)}>
          Today
        </button>
      )}
    </span>
  );
}
