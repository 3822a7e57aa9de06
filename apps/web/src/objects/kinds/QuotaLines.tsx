/** The limits of a quota, one line each; used by quotas and by new projects. */
import { quotaWord } from "../../format/quota.ts";
import { ListOf } from "../../forms/ListOf.tsx";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";

export interface QuotaDraft {
  resource: string;
  amount: string;
}

const usual = [
  "requests.cpu",
  "limits.cpu",
  "requests.memory",
  "limits.memory",
  "requests.storage",
  "persistentvolumeclaims",
  "pods",
  "count/virtualmachines.kubevirt.io",
];

interface QuotaLinesProps {
  lines: readonly QuotaDraft[];
  onChange: (lines: QuotaDraft[]) => void;
  /** Of `0.amount` and the like. */
  errorAt: (path: string) => string | undefined;
  fieldOf: (path: string) => string;
}

export function QuotaLines({ lines, onChange, errorAt, fieldOf }: QuotaLinesProps) {
  return (
    <ListOf<QuotaDraft>
      lines={lines}
      onChange={onChange}
      blank={() => ({
        resource: usual.find((one) => !lines.some((line) => line.resource === one)) ?? "pods",
        amount: "",
      })}
      add="Add a limit"
      nameOf={(line) => `the limit of ${quotaWord(line.resource)}`}
      inLines
      max={60}
    >
      {(line, index, change) => (
        <div className="grid gap-3 sm:grid-cols-2">
          <div data-field={fieldOf(`${index}.resource`)}>
            <Select
              label="Resource"
              value={line.resource}
              onChange={(resource) => change({ resource })}
              choices={[...new Set([...usual, line.resource])].map((value) => ({
                value,
                label: quotaWord(value),
              }))}
              error={errorAt(`${index}.resource`)}
            />
          </div>
          <div data-field={fieldOf(`${index}.amount`)}>
            <TextField
              label="At most"
              mono
              value={line.amount}
              onChange={(amount) => change({ amount: amount.trim() })}
              error={errorAt(`${index}.amount`)}
              placeholder={/memory|storage/.test(line.resource) ? "64Gi" : "16"}
            />
          </div>
        </div>
      )}
    </ListOf>
  );
}
