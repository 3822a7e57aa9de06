/** Choosing the file of an image or a disk that waits for one. */
import { showsNoImage } from "@kubev/api-types/image-file";
import { type ChangeEvent, useRef, useState } from "react";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { toast } from "../ui/toast.ts";
import { lastJudged, unreadable } from "./last-judged.ts";
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
  const [judge] = useState(lastJudged);
  const picker = useRef<HTMLInputElement>(null);
  /** Shows no disk image; it is sent as it is once somebody says so. */
  const [unlike, setUnlike] = useState<File | null>(null);
  const start = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file === undefined) return;
    await judge(file, (judged) => {
      if (judged === null) toast.error(unreadable);
      // what is something else for certain the server refuses with its reason
      else if (showsNoImage(judged, file.size)) setUnlike(file);
      else send({ project, name, file });
    });
  };
  return {
    input: (
      <>
        <input ref={picker} type="file" hidden onChange={(event) => void start(event)} />
        {unlike === null ? null : (
          <ConfirmDialog
            open
            danger={false}
            onClose={() => setUnlike(null)}
            onConfirm={() => {
              send({ project, name, file: unlike, asRaw: true });
              setUnlike(null);
            }}
            title="This file shows no disk image"
            verb="Upload as a raw disk"
            consequence={
              <p className="text-pretty">
                The beginning of {unlike.name} is that of no format the console knows. Sent as it is, its
                bytes become the disk&apos;s bytes: right for a raw disk without a partition table, wrong for
                anything else.
              </p>
            }
          />
        )}
      </>
    ),
    choose: () => picker.current?.click(),
  };
}
