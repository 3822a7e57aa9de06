/** What controllers say of an object, in their own words: one line for each condition. */
import type { ReactNode } from "react";
import { cx } from "../ui/cx.ts";
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

/** Types of which `True` is the wanted state; of all others only their own words tell. */
const wanted = new Set([
  "Available",
  "Bound",
  "Complete",
  "ContainersReady",
  "Initialized",
  "PodReadyToStartContainers",
  "PodScheduled",
  "Progressing",
  "Ready",
  "Running",
  "SuccessCriteriaMet",
  "UpToDate",
]);

function usualTone({ type, status, reason, tone }: Condition): StatusTone {
  if (tone !== undefined) return tone;
  if (reason === "Error" || (status === "True" && /Fail|Error/.test(type))) return "error";
  if (!wanted.has(type)) return "off";
  if (status === "True") return "ok";
  // what has ended is not ready any more, and nothing is wrong with that
  return status === "False" && type === "Progressing" ? "attention" : "off";
}

export function Conditions({ conditions, none, toneOf = usualTone, children }: ConditionsProps) {
  if (conditions.length === 0 && none === undefined && children === undefined) return null;
  return (
    <Section title="Conditions">
      {children}
      {conditions.length === 0 && none !== undefined ? <p className="text-secondary">{none}</p> : null}
      <ul className={cx("flex flex-col gap-2", children !== undefined && "mt-2")}>
        {conditions.map((condition) => {
          const { type, status, reason, message, since = "" } = condition;
          return (
            <li key={type} className="flex flex-wrap items-start gap-x-3 gap-y-0.5">
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
