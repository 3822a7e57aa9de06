/** A size in bytes, typed in GiB or MiB. */
import { useState } from "react";
import { NumberField } from "./NumberField.tsx";
import type { FieldProps } from "./Field.tsx";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

interface SizeFieldProps extends FieldProps {
  bytes: number | null;
  onChange: (bytes: number | null) => void;
  minBytes?: number | undefined;
  step?: number | undefined;
}

const unitOf = (bytes: number | null): number =>
  bytes !== null && (bytes < gibibyte || bytes % (gibibyte / 4) !== 0) ? mebibyte : gibibyte;

/** Sizes that are no whole quarter of a GiB are shown in MiB, so that nothing is rounded away; typing never changes the unit. */
export function SizeField({ bytes, onChange, minBytes = mebibyte, step, ...field }: SizeFieldProps) {
  const [shown, setShown] = useState({ bytes, unit: unitOf(bytes) });
  // a size from elsewhere, such as an image's: what was typed is told to the form in the unit that stands there
  if (shown.bytes !== bytes) setShown({ bytes, unit: unitOf(bytes) });
  const { unit } = shown;
  const inMebibytes = unit === mebibyte;
  return (
    <NumberField
      {...field}
      value={bytes === null ? null : bytes / unit}
      onChange={(value) => {
        const typed = value === null ? null : Math.round(value * unit);
        setShown({ bytes: typed, unit });
        onChange(typed);
      }}
      unit={inMebibytes ? "MiB" : "GiB"}
      min={inMebibytes ? Math.max(1, minBytes / unit) : 0.25}
      step={step ?? (inMebibytes ? 64 : 1)}
    />
  );
}
