/** What controllers say of an object, in their own words: one line for each condition. */
import type { Condition } from "@kubev/api-types/conditions";
import type { ReactNode } from "react";
import { cx } from "../ui/cx.ts";
import { Section } from "../ui/Facts.tsx";
import { StatusMark } from "../ui/Status.tsx";
import { Age } from "./Age.tsx";

interface ConditionsProps {
  conditions: readonly Condition[];
  /** Said where there are none; without it the section is left out. */
  none?: string;
  /** Above them. */
  children?: ReactNode;
}

export function Conditions({ conditions, none, children }: ConditionsProps) {
  if (conditions.length === 0 && none === undefined && children === undefined) return null;
  return (
    <Section title="Conditions">
      {children}
      {conditions.length === 0 && none !== undefined ? <p className="text-secondary">{none}</p> : null}
      <ul className={cx("flex flex-col gap-2", children !== undefined && "mt-2")}>
        {conditions.map(({ type, status, reason, message, since, tone }) => (
          <li key={type} className="flex flex-wrap items-start gap-x-3 gap-y-0.5">
            <StatusMark tone={tone}>{`${type}: ${status}`}</StatusMark>
            <span className="min-w-0 flex-1 basis-60 break-words text-secondary">
              {[reason, message].filter(Boolean).join(": ")}
            </span>
            {since === "" ? null : (
              <span className="text-xs text-tertiary">
                <Age iso={since} ago />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
