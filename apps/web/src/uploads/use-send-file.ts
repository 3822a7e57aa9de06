/** Sends a file to an image or a disk that waits for one; it goes on when the page is left, and its end is told wherever one is. */
import { useQueryClient } from "@tanstack/react-query";
import { urlOf } from "../api/client.ts";
import { errorLine } from "../reasons/error-text.ts";
import { toast } from "../ui/toast.ts";
import { uploads } from "./use-uploads.ts";

/** The operation, and the queries whose answers it changes. */
const targets = {
  image: { operation: "uploadImage", shownBy: ["listImages", "getImage"] },
  disk: { operation: "uploadDisk", shownBy: ["listDisks", "getDisk"] },
} as const;
export type FileTarget = keyof typeof targets;

interface Sent {
  project: string;
  name: string;
  file: File;
  /** Sends what shows no disk image as it is. */
  asRaw?: boolean;
}

export function useSendFile(target: FileTarget) {
  const cache = useQueryClient();
  const { operation, shownBy } = targets[target];
  return ({ project, name, file, asRaw = false }: Sent) => {
    const params = { project, name };
    const url = urlOf(operation, { params, query: { asRaw: asRaw ? "true" : "false" } });
    const id = uploads.start({ ...params, file, url }, () => {
      for (const query of shownBy) void cache.invalidateQueries({ queryKey: [query] });
      const ended = uploads.snapshot().find((upload) => upload.id === id);
      if (ended?.state === "done") toast.success(`${name} was uploaded.`);
      else if (ended?.error)
        toast.error(`The upload of ${name} failed.`, {
          description: errorLine(ended.error),
          durationMs: 20_000,
        });
    });
  };
}
