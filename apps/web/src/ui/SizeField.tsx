/** A size in bytes, typed in GiB or MiB. */
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

/** Sizes that are no whole quarter of a GiB are shown in MiB, so that nothing is rounded away. */
export function SizeField({ bytes, onChange, minBytes = mebibyte, step, ...field }: SizeFieldProps) {
  const inMebibytes = bytes !== null && (bytes < gibibyte || bytes % (gibibyte / 4) !== 0);
  const unit = inMebibytes ? mebibyte : gibibyte;
  return (
    <NumberField
      {...field}
      value={bytes === null ? null : bytes / unit}
      onChange={(value) => onChange(value === null ? null : Math.round(value * unit))}
      unit={inMebibytes ? "MiB" : "GiB"}
      min={inMebibytes ? Math.max(1, minBytes / unit) : 0.25}
      step={step ?? (inMebibytes ? 64 : 1)}
    />
  );
}
