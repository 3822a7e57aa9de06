/** Choosing the file of an image or a disk that waits for one. */
import { type ChangeEvent, useRef } from "react";
import { type FileTarget, useSendFile } from "./use-send-file.ts";

interface Waiting {
  project: string;
  name: string;
  state: { status: string };
}

export const waitsForFile = ({ state }: Waiting) =>
  state.status === "awaiting-upload" || state.status === "failed";

/** `input` belongs on the page, `choose` opens it. */
export function useWaitingFile(target: FileTarget, { project, name }: Waiting) {
  const send = useSendFile(target);
  const picker = useRef<HTMLInputElement>(null);
  const start = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file !== undefined) send({ project, name, file });
  };
  return {
    input: <input ref={picker} type="file" hidden onChange={start} />,
    choose: () => picker.current?.click(),
  };
}
