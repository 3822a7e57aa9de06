/** Where a file is chosen or dropped. */
import { FileUp } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { formatBytes } from "../format/numbers.ts";
import { cx } from "../ui/cx.ts";

interface FileDropProps {
  file: File | null;
  onFile: (file: File) => void;
  error: string | undefined;
  maxBytes: number | undefined;
}

export function FileDrop({ file, onFile, error, maxBytes }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) onFile(dropped);
  };
  return (
    <div className="flex flex-col gap-1">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping a file is a second way; the input inside is the first */}
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx(
          "flex min-h-32 cursor-pointer flex-col items-center justify-center gap-1.5 rounded-lg border border-dashed px-4 py-6 text-center focus-within:outline-2 focus-within:outline-accent",
          over
            ? "border-accent bg-selected"
            : error
              ? "border-error"
              : "border-control bg-raised hover:bg-hover",
        )}
      >
        <FileUp size={24} strokeWidth={1.25} className="text-tertiary" aria-hidden />
        {file === null ? (
          <>
            <span className="font-medium">Choose a file or drop it here</span>
            <span className="text-xs text-tertiary">
              qcow2, raw, ISO, also packed as .xz or .gz
              {maxBytes === undefined ? "" : `, up to ${formatBytes(maxBytes)}`}
            </span>
          </>
        ) : (
          <>
            <span className="max-w-full font-medium break-all">{file.name}</span>
            <span className="text-xs text-tertiary">
              {formatBytes(file.size)}. Press to choose another file.
            </span>
          </>
        )}
        <input
          id={id}
          type="file"
          aria-label="Image file"
          aria-invalid={error ? true : undefined}
          className="sr-only"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) onFile(chosen);
          }}
        />
      </label>
      {error ? (
        <p role="alert" className="text-xs text-error">
          {error}
        </p>
      ) : null}
    </div>
  );
}
