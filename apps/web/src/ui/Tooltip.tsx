/** A short hint on hover and focus. Never the only place of a name: the trigger carries its own. */
import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

interface TooltipProps {
  content: ReactNode;
  /** One focusable element; it receives the trigger's props. */
  children: ReactElement;
  side?: "top" | "bottom" | "left" | "right" | undefined;
}

export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-tooltip">
          <Base.Popup className="popup-motion max-w-80 rounded-md border border-stroke bg-overlay px-2 py-1 text-xs text-content shadow-overlay break-words">
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Base.Provider delay={350}>{children}</Base.Provider>;
}
