/** Everything that is wrong with a form, on top, with a way to each field. */
import { useEffect, useRef } from "react";
import { errorText } from "../reasons/error-text.ts";
import { Notice } from "../ui/States.tsx";

interface FormErrorSummaryProps {
  error: unknown;
  fields: readonly { path: string; text: string }[];
  /** The name of the field at `path`, as the form shows it. */
  labelOf: (path: string) => string;
  /** Moves to the field at `path`. */
  onGo: (path: string) => void;
}

export function FormErrorSummary({ error, fields, labelOf, onGo }: FormErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, [error]); // eslint-disable-line react/exhaustive-effect-dependencies -- a new error is what asks for the focus
  if (error === null || error === undefined) return null;
  const text = errorText(error);
  const lines = [...new Map(fields.map((field) => [`${field.path}-${field.text}`, field])).values()];
  const said = lines.some((line) => line.text.includes(text.upstreamText ?? text.title));
  return (
    <div ref={box} tabIndex={-1} role="alert" className="rounded-md">
      <Notice tone="error">
        <p className="font-medium">{text.title}</p>
        {lines.length === 0 && text.advice ? <p className="text-secondary">{text.advice}</p> : null}
        {text.upstreamText && !said ? (
          <p className="mt-1 font-mono text-xs break-words">{text.upstreamText}</p>
        ) : null}
        {lines.length === 0 ? null : (
          <ul className="mt-1">
            {lines.map((field) => (
              <li key={`${field.path}-${field.text}`}>
                {field.path === "" ? (
                  field.text
                ) : (
                  <>
                    <button
                      type="button"
                      className="text-left text-accent hover:underline"
                      onClick={() => onGo(field.path)}
                    >
                      {labelOf(field.path)}
                    </button>
                    {/* what stands above is not said twice */}
                    {field.text === text.title ? null : `: ${field.text}`}
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}
