/**
 * A short hint on hover and focus. Never the only place of a name: the trigger carries its own. Own code rather than Base
 * UI's, because every button may carry one and its positioning engine would weigh on the first screen.
 */
import {
  cloneElement,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useState,
} from "react";
import { createPortal } from "react-dom";

interface TooltipProps {
  content: ReactNode;
  /** One focusable element; it receives the handlers beside its own. */
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

const openAfterMs = 350;
const closeAfterMs = 120;
const gapPx = 6;

/** The one thing that is about to happen; a newer one replaces it. */
class Delay {
  #timer: ReturnType<typeof setTimeout> | undefined;

  run(action: () => void, delayMs: number): void {
    this.cancel();
    this.#timer = setTimeout(action, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}

export function Tooltip({ content, children }: TooltipProps) {
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const [delay] = useState(() => new Delay());
  const close = () => delay.run(() => setAnchor(null), closeAfterMs);
  useEffect(() => () => delay.cancel(), [delay]);
  useEffect(() => {
    if (anchor === null) return;
    const hide = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Escape") setAnchor(null);
    };
    addEventListener("keydown", hide);
    addEventListener("scroll", hide, true);
    return () => {
      removeEventListener("keydown", hide);
      removeEventListener("scroll", hide, true);
    };
  }, [anchor]);

  const own = children.props;
  const trigger = cloneElement(children, {
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      own.onPointerEnter?.(event);
      const target = event.currentTarget;
      if (event.pointerType === "mouse")
        delay.run(() => setAnchor(target.getBoundingClientRect()), openAfterMs);
    },
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      own.onPointerLeave?.(event);
      close();
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      own.onPointerDown?.(event);
      delay.cancel();
      setAnchor(null);
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      own.onFocus?.(event);
      if (event.currentTarget.matches(":focus-visible"))
        setAnchor(event.currentTarget.getBoundingClientRect());
    },
    onBlur: (event: FocusEvent<HTMLElement>) => {
      own.onBlur?.(event);
      close();
    },
  });
  return (
    <>
      {trigger}
      {anchor === null
        ? null
        : createPortal(
            <Hint anchor={anchor} onEnter={() => delay.cancel()} onLeave={close}>
              {content}
            </Hint>,
            document.fullscreenElement ?? document.body,
          )}
    </>
  );
}

/** Above its anchor where there is room, else below; never over the window's edge. It may be hovered and read. */
function Hint(props: { anchor: DOMRect; onEnter: () => void; onLeave: () => void; children: ReactNode }) {
  const { anchor } = props;
  const place = (box: HTMLDivElement | null) => {
    if (box === null) return;
    const { width, height } = box.getBoundingClientRect();
    const above = anchor.top - height - gapPx;
    const left = anchor.left + anchor.width / 2 - width / 2;
    box.style.top = `${above >= gapPx ? above : anchor.bottom + gapPx}px`;
    box.style.left = `${Math.min(Math.max(gapPx, left), innerWidth - width - gapPx)}px`;
  };
  return (
    <div
      ref={place}
      role="tooltip"
      onPointerEnter={props.onEnter}
      onPointerLeave={props.onLeave}
      className="fixed z-tooltip w-max max-w-80 rounded-md border border-stroke bg-overlay px-2 py-1 text-xs break-words text-content shadow-overlay"
    >
      {props.children}
    </div>
  );
}
