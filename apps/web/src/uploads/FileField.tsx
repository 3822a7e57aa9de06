/** The file of a form, and the leave to send one that is no known image. */
import { CheckField } from "../ui/Checkbox.tsx";
import { Notice } from "../ui/States.tsx";
import { FileDrop } from "./FileDrop.tsx";
import type { ChosenFile } from "./use-chosen-file.ts";

interface FileFieldProps {
  chosen: ChosenFile;
  /** The path of the field in the form. */
  field: string;
  error: string | undefined;
}

export function FileField({ chosen, field, error }: FileFieldProps) {
  const { file, maxBytes, choose, unrecognised, deceiving, sendAnyway, setSendAnyway } = chosen;
  return (
    <>
      <div data-field={field}>
        <FileDrop file={file} onFile={choose} error={error} maxBytes={maxBytes} />
      </div>
      {unrecognised ? (
        <Notice tone="attention">
          The beginning of this file shows no known image format. It can be sent as it is, as a raw disk; it
          may not boot.
          <div className="mt-2">
            <CheckField
              label="Send it as a raw disk anyway"
              hint={deceiving ? `${file?.name ?? ""} is not what its name says.` : undefined}
              checked={sendAnyway}
              onChange={setSendAnyway}
            />
          </div>
        </Notice>
      ) : null}
    </>
  );
}
