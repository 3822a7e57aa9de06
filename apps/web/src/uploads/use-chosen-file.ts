/** The file that a form is to send: chosen, looked into, and what speaks against it. */
import { type ImageFile, showsNoImage } from "@kubev/api-types/image-file";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { capabilitiesQuery } from "../api/queries.ts";
import { formatBytes } from "../format/numbers.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { fittingDiskBytes, imageNameFrom, isHeaderDamaged, isNameDeceiving } from "./image-file.ts";
import { lastJudged, unreadable } from "./last-judged.ts";

interface Looked {
  file: File;
  /** Null where it cannot be read. */
  judged: ImageFile | null;
}

/** What follows from a file for the rest of the form. */
export interface FileSuggestion {
  name: string;
  isIso: boolean;
  /** Null where the header cannot be believed. */
  diskBytes: number | null;
}

export function useChosenFile(onChosen: (suggestion: FileSuggestion) => void) {
  const maxBytes = useQuery(capabilitiesQuery()).data?.maxUploadBytes;
  const [judge] = useState(lastJudged);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [sendAnyway, setSendAnyway] = useState(false);
  const file = looked?.file ?? null;
  const judged = looked?.judged ?? null;
  const damaged = judged !== null && isHeaderDamaged(judged);
  const unrecognised = file !== null && judged !== null && showsNoImage(judged, file.size);
  const choose = async (chosen: File) => {
    // the one before is not sent in its place
    setLooked(null);
    setSendAnyway(false);
    await judge(chosen, (found) => {
      setLooked({ file: chosen, judged: found });
      if (found === null) return;
      onChosen({
        name: imageNameFrom(chosen.name),
        isIso: found.kind === "iso",
        diskBytes: isHeaderDamaged(found) ? null : fittingDiskBytes(found, chosen.size),
      });
    });
  };
  return {
    file,
    maxBytes,
    choose: (chosen: File) => void choose(chosen),
    sendAnyway,
    setSendAnyway,
    /** No image that is known; it may be sent all the same, once somebody said so. */
    unrecognised,
    deceiving: judged !== null && file !== null && unrecognised && isNameDeceiving(judged, file.name),
    /** What cannot be sent, whatever anybody says. */
    problem: file === null ? undefined : problemOf(file, judged, damaged, maxBytes),
    sizeHint:
      judged?.virtualSizeBytes == null || damaged
        ? "At least the size of the disk inside the file."
        : `The disk inside the file has ${formatBytes(judged.virtualSizeBytes)}.`,
  };
}
export type ChosenFile = ReturnType<typeof useChosenFile>;

function problemOf(
  file: File,
  judged: ImageFile | null,
  damaged: boolean,
  maxBytes: number | undefined,
): string | undefined {
  if (judged === null) return unreadable;
  if (file.size === 0) return "This file is empty.";
  if (judged.insteadOfImage)
    return reasonText({ code: "image-file-unlike", params: { looks: judged.insteadOfImage } });
  if (damaged) return "This header is damaged: it tells of a disk larger than 64 TiB. Choose another file.";
  return maxBytes !== undefined && file.size > maxBytes
    ? `This file has ${formatBytes(file.size)}; at most ${formatBytes(maxBytes)} can be uploaded.`
    : undefined;
}
