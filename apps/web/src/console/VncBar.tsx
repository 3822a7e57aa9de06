/** The slim bar over a screen: state first, then what can be done; in fullscreen the way out stands first. */
import {
  Camera,
  ClipboardPaste,
  Eye,
  Keyboard,
  Maximize,
  Minimize,
  RefreshCw,
  Scaling,
  SquareSplitVertical,
} from "lucide-react";
import { Button, IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem, MenuLabel } from "../ui/Menu.tsx";
import { ConsoleStateMark, reconnectRefusal } from "./ConsoleOverlay.tsx";
import { type KeyCombination, keyCombinations, terminalCombinations } from "./key-combinations.ts";
import type { OffWords } from "./off-words.ts";
import type { ConsoleState } from "./session.ts";
import { WayOut } from "./way-out.tsx";

interface VncBarProps {
  state: ConsoleState;
  off: OffWords | null;
  /** Why no key can be sent now; undefined when it can. */
  cannotType: string | undefined;
  viewOnly: boolean;
  onViewOnly: (on: boolean) => void;
  scaled: boolean;
  onScaled: (on: boolean) => void;
  touchKeys: boolean;
  onTouchKeys: (on: boolean) => void;
  fullscreen: boolean;
  onFullscreen: () => void;
  onKeys: (combination: KeyCombination) => void;
  onPaste: () => void;
  onScreenshot: () => void;
  onReconnect: () => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function VncBar(props: VncBarProps) {
  const notConnected = props.state.name === "connected" ? undefined : "The screen is not connected.";
  return (
    <div
      role="toolbar"
      aria-label="Screen"
      className="flex h-10 shrink-0 items-center gap-1 overflow-x-auto border-b border-stroke bg-raised px-3 md:px-5"
    >
      {props.fullscreen ? (
        <Button size="sm" icon={<Minimize {...icon} />} onClick={props.onFullscreen} className="mr-2">
          Leave fullscreen
        </Button>
      ) : null}
      <ConsoleStateMark state={props.state} off={props.off} />
      <WayOut />
      <span className="ml-auto" />
      <Menu
        trigger={
          <Button size="sm" tone="quiet" icon={<Keyboard {...icon} />} disabledReason={props.cannotType}>
            <span className="max-sm:sr-only">Keys</span>
          </Button>
        }
      >
        {keyCombinations.map((combination) => (
          <MenuItem key={combination.label} onSelect={() => props.onKeys(combination)}>
            {combination.label}
          </MenuItem>
        ))}
        <MenuLabel>Text terminals of Linux guests</MenuLabel>
        {terminalCombinations.map((combination) => (
          <MenuItem key={combination.label} onSelect={() => props.onKeys(combination)}>
            {combination.label}
          </MenuItem>
        ))}
      </Menu>
      <Button
        size="sm"
        tone="quiet"
        icon={<ClipboardPaste {...icon} />}
        disabledReason={props.cannotType}
        onClick={props.onPaste}
      >
        <span className="max-sm:sr-only">Paste text</span>
      </Button>
      <IconButton
        size="sm"
        aria-label="Save a screenshot"
        icon={<Camera {...icon} />}
        disabledReason={notConnected}
        onClick={props.onScreenshot}
      />
      <IconButton
        size="sm"
        aria-label="View only"
        aria-pressed={props.viewOnly}
        tone={props.viewOnly ? "primary" : "quiet"}
        icon={<Eye {...icon} />}
        onClick={() => props.onViewOnly(!props.viewOnly)}
      />
      <IconButton
        size="sm"
        aria-label="Fit the screen to the window"
        aria-pressed={props.scaled}
        tone={props.scaled ? "default" : "quiet"}
        icon={<Scaling {...icon} />}
        onClick={() => props.onScaled(!props.scaled)}
      />
      <IconButton
        size="sm"
        aria-label="On-screen keys"
        aria-pressed={props.touchKeys}
        tone={props.touchKeys ? "default" : "quiet"}
        icon={<SquareSplitVertical {...icon} />}
        onClick={() => props.onTouchKeys(!props.touchKeys)}
      />
      <IconButton
        size="sm"
        aria-label="Connect again"
        icon={<RefreshCw {...icon} />}
        disabledReason={reconnectRefusal(props.state)}
        onClick={props.onReconnect}
      />
      {props.fullscreen ? null : (
        <IconButton
          size="sm"
          aria-label="Fullscreen"
          icon={<Maximize {...icon} />}
          onClick={props.onFullscreen}
        />
      )}
    </div>
  );
}
