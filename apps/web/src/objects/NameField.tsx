/** The name of a new object; of an existing one it is fixed and only shown. */
import { TextField } from "../ui/TextField.tsx";

interface NameFieldProps {
  name: string;
  change: (part: { name: string }) => void;
  error: string | undefined;
  existing: boolean;
  placeholder: string;
}

export function NameField({ name, change, error, existing, placeholder }: NameFieldProps) {
  if (existing) return null;
  return (
    <div data-field="name">
      <TextField
        label="Name"
        value={name}
        onChange={(next) => change({ name: next })}
        error={error}
        maxLength={63}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        hint="Lower-case letters, digits and hyphens. It cannot be changed later."
      />
    </div>
  );
}
