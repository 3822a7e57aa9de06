/** Of files chosen one after the other only the last one counts, however long the others take to be looked into. */
import type { ImageFile } from "@kubev/api-types/image-file";
import { judgeImageFile } from "./image-file.ts";

/** Said of a dropped folder too, and of what was moved or deleted since: a browser does not tell which. */
export const unreadable = "This file cannot be read. Choose it again; a folder cannot be sent.";

/** Calls back with what the file is, null where it cannot be read; not at all once another one was chosen. */
export type JudgeFile = (file: Blob, found: (judged: ImageFile | null) => void) => Promise<void>;

export function lastJudged(): JudgeFile {
  let last: Blob | null = null;
  return async (file, found) => {
    last = file;
    const judged = await judgeImageFile(file).catch(() => null);
    if (last === file) found(judged);
  };
}
