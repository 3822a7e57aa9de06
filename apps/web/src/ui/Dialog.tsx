/** Dialogs, for confirmation and short answers only, and the side panel for small edits. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { IconButton } from "./Button.tsx";
import { cx } from "./cx.ts";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  footer?: ReactNode;
  width?: "sm" | "md" | "lg" | undefined;
  /** Where to put it; the page's end when left out. */
  container?: RefObject<HTMLElement | null> | undefined;
  initialFocus?: RefObject<HTMLElement | null> | undefined;
  /** `side` slides in from the right and keeps the page readable beside it. */
  placement?: "centre" | "side" | undefined;
}

const widthClass = { sm: "w-[440px]", md: "w-[560px]", lg: "w-[860px]" };

export function Dialog(props: DialogProps) {
  const { open, onClose, title, children, footer, width = "sm", placement = "centre" } = props;
  const place =
    placement === "side"
      ? "inset-y-0 right-0 h-full max-h-none rounded-none border-y-0 border-r-0"
      : "left-1/2 top-[12vh] max-h-[80vh] -translate-x-1/2 rounded-lg";
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal {...(props.container ? { container: props.container } : {})}>
        <Base.Backdrop className="fixed inset-0 z-overlay bg-backdrop" />
        <Base.Popup
          {...(props.initialFocus === undefined ? {} : { initialFocus: props.initialFocus })}
          className={cx(
            "fixed z-overlay flex max-w-[calc(100vw-24px)] flex-col border border-stroke bg-overlay shadow-overlay outline-none",
            widthClass[width],
            place,
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <Base.Title className="text-lg font-semibold break-words min-w-0">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton
                  aria-label="Close"
                  size="sm"
                  icon={<X size={16} strokeWidth={1.5} aria-hidden />}
                  className="-mr-1.5"
                />
              }
            />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
          {footer === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-stroke px-5 py-3">
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
