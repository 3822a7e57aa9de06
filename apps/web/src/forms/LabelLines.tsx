/** Labels as lines of key and value. */
import { useState } from "react";
import { ListOf } from "./ListOf.tsx";
import { TextField } from "../ui/TextField.tsx";

export interface LabelLine {
  key: string;
  value: string;
}

/** Kubernetes and the console keep these themselves. */
const ownLabel = /^(kubernetes\.io\/|console\.kubev\.io\/|app\.kubernetes\.io\/managed-by$)/;

export function labelLines(labels: Readonly<Record<string, string>>): LabelLine[] {
  return Object.entries(labels)
    .filter(([key]) => !ownLabel.test(key))
    .map(([key, value]) => ({ key, value }));
}

/** The labels to store: those typed, and those of `before` that are not a person's. */
export function labelsOf(
  lines: readonly LabelLine[],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.entries(before).filter(([key]) => ownLabel.test(key));
  const typed = lines.filter(({ key }) => key !== "").map(({ key, value }) => [key, value] as const);
  return Object.fromEntries([...own, ...typed]);
}

/** Whether the lines are what a person may well have typed to get exactly these labels. */
export function saySame(lines: readonly LabelLine[], labels: Readonly<Record<string, string>>): boolean {
  const said = labelsOf(lines, labels);
  const keys = Object.keys(said);
  return keys.length === Object.keys(labels).length && keys.every((key) => said[key] === labels[key]);
}

interface LabelLinesProps {
  lines: readonly LabelLine[];
  onChange: (lines: LabelLine[]) => void;
  error: string | undefined;
}

export function LabelLines({ lines, onChange, error }: LabelLinesProps) {
  return (
    <div data-field="labels">
      <ListOf<LabelLine>
        lines={lines}
        onChange={onChange}
        blank={() => ({ key: "", value: "" })}
        add="Add a label"
        nameOf={(line, index) => line.key || `label ${index + 1}`}
        inLines
        max={60}
      >
        {(line, _index, change) => (
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label="Label"
              mono
              value={line.key}
              onChange={(key) => change({ key: key.trim() })}
              placeholder="team"
            />
            <TextField
              label="Value"
              mono
              value={line.value}
              onChange={(value) => change({ value: value.trim() })}
              placeholder="web"
            />
          </div>
        )}
      </ListOf>
      {error === undefined ? null : <p className="pt-2 text-error">{error}</p>}
    </div>
  );
}

interface LabelsFieldProps {
  labels: Readonly<Record<string, string>>;
  onChange: (labels: Record<string, string>) => void;
  error: string | undefined;
}

/** Lines for a form that holds labels by key: what is half typed stays until the form holds other labels than it says. */
export function LabelsField({ labels, onChange, error }: LabelsFieldProps) {
  const [typed, setTyped] = useState(() => labelLines(labels));
  return (
    <LabelLines
      lines={saySame(typed, labels) ? typed : labelLines(labels)}
      onChange={(lines) => {
        setTyped(lines);
        onChange(labelsOf(lines, labels));
      }}
      error={error}
    />
  );
}
