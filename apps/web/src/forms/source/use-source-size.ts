/** Once the chosen source's size is known, the disk is made at least as large; the URL may have chosen it before. */
import { useEffect, useEffectEvent } from "react";

interface SourceSize {
  /** What was chosen; '' while nothing is. */
  source: string;
  bytes: number | null | undefined;
  /** The source whose size was taken already, so that a smaller one typed later stays to be refused. */
  sizedFor: string;
  onSize: (bytes: number, source: string) => void;
}

export function useSourceSize({ source, bytes, sizedFor, onSize }: SourceSize) {
  const take = useEffectEvent(() => {
    if (source !== "" && bytes != null && sizedFor !== source) onSize(bytes, source);
  });
  useEffect(() => take(), [source, bytes]); // eslint-disable-line react/exhaustive-effect-dependencies -- what was chosen and its size are what asks for it
}
