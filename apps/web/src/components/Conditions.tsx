/** What controllers say of an object, in their own words: one line for each condition. */
import type { ReactNode } from "react";
import { Section } from "../ui/Facts.tsx";
import { StatusMark, type StatusTone } from "../ui/Status.tsx";
import { Age } from "./Age.tsx";

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  /** Where the server knows better than `status` whether it is well. */
  tone?: StatusTone;
  /** Since when; empty where it is not said. */
  since?: string;
}

interface ConditionsProps {
  conditions: readonly Condition[];
  /** Said where there are none; without it the section is left out. */
  none?: string;
  toneOf?: (condition: Condition) => StatusTone;
  /** Above them. */
  children?: ReactNode;
}

const usualTone = ({ status, reason, tone }: Condition): StatusTone =>
  tone ?? (status === "True" ? "ok" : reason === "Error" ? "error" : "off");

export function Conditions({ conditions, none, toneOf = usualTone, children }: ConditionsProps) {
  if (conditions.length === 0 && none === undefined && children === undefined) return null;
  return (
    <Section title="Conditions">
      {children}
      {conditions.length === 0 && none !== undefined ? <p className="text-secondary">{none}</p> : null}
      <ul className="mt-2 flex flex-col gap-2">
        {conditions.map((condition) => {
          const { type, status, reason, message, since = "" } = condition;
          return (
            <li key={type} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
              <StatusMark tone={toneOf(condition)}>{`${type}: ${status}`}</StatusMark>
              <span className="min-w-0 flex-1 basis-60 break-words text-secondary">
                {[reason, message].filter(Boolean).join(": ")}
              </span>
              {since === "" ? null : (
                <span className="text-xs text-tertiary">
                  <Age iso={since} ago />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
