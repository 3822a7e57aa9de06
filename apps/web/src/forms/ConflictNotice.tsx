/** Fields that two people changed at once: both values side by side, and the choice between them. */
import type { FieldConflict } from "@kubev/api-types/errors";
import { ApiError } from "../api/api-error.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";

/** Those that a refused save told of. */
export function conflictsOf(error: unknown): readonly FieldConflict[] {
  return error instanceof ApiError ? (error.detail?.conflicts ?? []) : [];
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A value as a person reads it. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (value === true) return "on";
  if (value === false) return "off";
  if (Array.isArray(value)) {
    if (value.length === 0) return "nothing";
    return value.map(asText).join(", ");
  }
  return asText(value);
}

interface ConflictNoticeProps {
  conflicts: readonly FieldConflict[];
  /** Of a form's field; labels are merged one by one, and named here. */
  labelOf: (path: string) => string;
  /** `take`: theirs holds; else what was typed. */
  onDecide: (conflict: FieldConflict, take: boolean) => void;
}

const labelPrefix = "labels.";

export function ConflictNotice({ conflicts, labelOf, onDecide }: ConflictNoticeProps) {
  if (conflicts.length === 0) return null;
  return (
    <div role="alert">
      <Notice tone="attention">
        <p className="font-medium">
          Somebody else changed the same while you were editing. Choose which holds; everything else of yours
          stays.
        </p>
        <ul className="mt-2 flex flex-col gap-3">
          {conflicts.map((conflict) => {
            const { path } = conflict;
            const label = path.startsWith(labelPrefix)
              ? `Label ${path.slice(labelPrefix.length)}`
              : labelOf(path);
            return (
              <li key={path} className="flex flex-col gap-1.5">
                <span className="font-medium">{label}</span>
                <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 break-words">
                  <dt className="text-secondary">Stored now</dt>
                  <dd>{shownValue(conflict.theirs)}</dd>
                  <dt className="text-secondary">Yours</dt>
                  <dd>{shownValue(conflict.yours)}</dd>
                </dl>
                <div className="flex flex-wrap gap-2">
                  <Button
                    size="sm"
                    aria-label={`Keep mine: ${label}`}
                    onClick={() => onDecide(conflict, false)}
                  >
                    Keep mine
                  </Button>
                  <Button
                    size="sm"
                    aria-label={`Take what is stored: ${label}`}
                    onClick={() => onDecide(conflict, true)}
                  >
                    Take what is stored
                  </Button>
                </div>
              </li>
            );
          })}
        </ul>
      </Notice>
    </div>
  );
}
