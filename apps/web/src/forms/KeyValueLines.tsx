/** Keys with texts of several lines, as config maps and secrets hold them. */
import { TextArea, TextField } from "../ui/TextField.tsx";
import { ListOf } from "./ListOf.tsx";

export interface KeyValueLine {
  key: string;
  value: string;
}

interface KeyValueLinesProps {
  lines: readonly KeyValueLine[];
  onChange: (lines: KeyValueLine[]) => void;
  errorAt: (path: string) => string | undefined;
  /** What a line holds, e.g. 'Value'. */
  valueLabel: string;
  add: string;
  max: number;
  keyPlaceholder: string;
}

/** Fields of `entries.*` of a form. */
export function KeyValueLines(props: KeyValueLinesProps) {
  const { lines, onChange, errorAt, valueLabel, add, max, keyPlaceholder } = props;
  return (
    <ListOf<KeyValueLine>
      lines={lines}
      onChange={onChange}
      blank={() => ({ key: "", value: "" })}
      add={add}
      nameOf={(line, index) => line.key || `line ${index + 1}`}
      max={max}
    >
      {(line, index, changeLine) => (
        <div className="flex flex-col gap-3">
          <div data-field={`entries.${index}.key`}>
            <TextField
              label="Key"
              mono
              value={line.key}
              onChange={(key) => changeLine({ key: key.trim() })}
              error={errorAt(`entries.${index}.key`)}
              autoComplete="off"
              spellCheck={false}
              placeholder={keyPlaceholder}
            />
          </div>
          <div data-field={`entries.${index}.value`}>
            <TextArea
              label={valueLabel}
              mono
              rows={4}
              value={line.value}
              onChange={(value) => changeLine({ value })}
              error={errorAt(`entries.${index}.value`)}
              autoComplete="off"
            />
          </div>
        </div>
      )}
    </ListOf>
  );
}
