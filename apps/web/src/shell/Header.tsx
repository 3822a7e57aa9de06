/** The bar above every page: where you are, search, live state, tasks, you. */
import { Menu as MenuIcon, Search } from "lucide-react";
import { IconButton } from "../ui/Button.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { Breadcrumbs } from "./Breadcrumbs.tsx";
import { LiveIndicator } from "./LiveIndicator.tsx";
import { TaskTray } from "./TaskTray.tsx";
import { UserMenu } from "./UserMenu.tsx";

interface HeaderProps {
  onOpenPalette: () => void;
  onOpenNavigation: () => void;
  onOpenShortcuts: () => void;
}

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

export function Header({ onOpenPalette, onOpenNavigation, onOpenShortcuts }: HeaderProps) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-stroke px-3 md:px-5">
      <IconButton
        aria-label="Navigation"
        className="-ml-1.5 md:hidden"
        icon={<MenuIcon size={18} strokeWidth={1.5} aria-hidden />}
        onClick={onOpenNavigation}
      />
      <Breadcrumbs />
      <div className="ml-auto flex shrink-0 items-center gap-1 md:gap-2">
        <button
          type="button"
          onClick={onOpenPalette}
          className="flex h-8 items-center gap-2 rounded-md border-stroke px-2 text-tertiary hover:bg-hover hover:text-content lg:w-52 lg:border lg:bg-raised"
        >
          <Search size={16} strokeWidth={1.5} aria-hidden />
          <span className="max-lg:sr-only">
            Search<span className="sr-only"> everywhere</span>
          </span>
          <span className="ml-auto hidden lg:inline">
            <KeyHint keys={isApple ? ["⌘", "K"] : ["Ctrl", "K"]} />
          </span>
        </button>
        <LiveIndicator />
        <TaskTray />
        <UserMenu onOpenShortcuts={onOpenShortcuts} />
      </div>
    </header>
  );
}
