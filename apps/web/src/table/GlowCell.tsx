/** A cell that glows once, softly, when live data changes it. Nothing glows when rows are merely loaded. */
import { type ReactNode, useEffect, useRef } from "react";

const glows = ["cell-glow", "cell-glow-again"];

export function GlowCell({
  value,
  children,
  className,
}: {
  value: string | undefined;
  children: ReactNode;
  className: string;
}) {
  const element = useRef<HTMLDivElement>(null);
  const before = useRef(value);
  const glow = useRef(0);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    // Two animations alike, in turn: to begin one again, the browser would have to lay the page out for each cell.
    const { classList } = element.current ?? {};
    classList?.remove(glows[glow.current % 2] ?? "");
    glow.current += 1;
    classList?.add(glows[glow.current % 2] ?? "");
  }, [value]);
  return (
    <div ref={element} role="cell" className={className}>
      {children}
    </div>
  );
}
