/** A cell that glows once, softly, when live data changes it. Nothing glows when rows are merely loaded. */
import { type ReactNode, useEffect, useRef } from "react";

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
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    const cell = element.current;
    if (cell === null) return;
    cell.classList.remove("cell-glow");
    void cell.offsetWidth; // restarts the animation
    cell.classList.add("cell-glow");
  }, [value]);
  return (
    <div ref={element} role="cell" className={className}>
      {children}
    </div>
  );
}
