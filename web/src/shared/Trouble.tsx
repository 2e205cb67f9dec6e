import type { CombinedError } from "@urql/core";
import { told } from "./trouble";

interface TroubleProps {
  readonly error: CombinedError;
  readonly what: string;
  readonly onRetry?: () => void;
}

/** What went wrong, in words, and what can be done. */
export function Trouble({ error, what, onRetry }: TroubleProps) {
  const { title, details, hint } = told(error);
  return (
    <div className="notice" data-tone="ERROR" role="alert">
      <p>
        <strong>
          {what}: {title}
        </strong>
      </p>
      {details.length > 0 && (
        <ul>
          {details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      {hint && <p>{hint}</p>}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
