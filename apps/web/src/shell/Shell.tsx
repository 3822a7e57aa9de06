/** The frame around every page of a signed-in person: navigation, header, tasks, palette. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useContext, useEffect, useState } from "react";
import { LiveContext, useLiveFeed } from "../api/live/use-live.ts";
import { useGo, useProject } from "../components/use-place.ts";
import { usePreferences } from "../components/use-preferences.ts";
import { paths } from "../paths.ts";
import { setTheme } from "../theme/theme.ts";
import { nameWhole } from "../ui/name-whole.ts";
import { useWarnBeforeUnload } from "../uploads/use-uploads.ts";
import { Header } from "./Header.tsx";
import { Navigation } from "./Navigation.tsx";
import { ProjectGate } from "./ProjectGate.tsx";
import { ServiceNotices } from "./ServiceNotices.tsx";
import { holdKeys, listenForShortcuts, releaseKeys, takeSingleKeys, useShortcut } from "./shortcuts.ts";
import { useKeptFocus } from "./use-kept-focus.ts";

const Palette = lazy(() => import("./Palette.tsx"));
const ShortcutSheet = lazy(() => import("./ShortcutSheet.tsx"));
const NavigationDrawer = lazy(() => import("./NavigationDrawer.tsx"));

export default function Shell() {
  const [open, setOpen] = useState<"palette" | "shortcuts" | "navigation" | null>(null);
  const { preferences } = usePreferences();
  useKeptFocus();
  useLiveFeed("session");
  const live = useContext(LiveContext);
  const project = useProject();
  const go = useGo();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [shownPath, setShownPath] = useState(path);
  const close = () => setOpen(null);
  const openPalette = () => {
    if (open === "palette") return;
    // its code may still be on the way, and the page behind it may be a guest's screen
    holdKeys(close);
    setOpen("palette");
  };

  useEffect(() => {
    live?.start();
    return () => live?.stop();
  }, [live]);
  useEffect(() => listenForShortcuts(), []);
  useEffect(() => {
    if (open !== "palette") releaseKeys();
  }, [open]);
  useEffect(() => takeSingleKeys(preferences.singleKeys), [preferences.singleKeys]);
  useEffect(() => {
    setTheme(preferences.theme);
    document.documentElement.dataset["density"] = preferences.density;
  }, [preferences.theme, preferences.density]);
  if (path !== shownPath) {
    setShownPath(path);
    setOpen(null);
  }
  useWarnBeforeUnload();

  useShortcut({
    keys: ["mod+k"],
    label: "Search and go anywhere",
    group: "Everywhere",
    run: openPalette,
  });
  useShortcut({
    keys: ["?"],
    label: "Show these shortcuts",
    group: "Everywhere",
    run: () => setOpen("shortcuts"),
  });
  useShortcut({
    keys: ["g", "v"],
    label: "Virtual machines",
    group: "Go to",
    run: () => go(paths.vms(project)),
  });
  useShortcut({ keys: ["g", "d"], label: "Disks", group: "Go to", run: () => go(paths.disks(project)) });
  useShortcut({ keys: ["g", "i"], label: "Images", group: "Go to", run: () => go(paths.images(project)) });
  useShortcut({
    keys: ["g", "a"],
    label: "Activity",
    group: "Go to",
    run: () => go(paths.activity(project)),
  });
  useShortcut({ keys: ["g", "p"], label: "Projects", group: "Go to", run: () => go(paths.projects()) });

  return (
    <div className="grid h-full grid-cols-1 md:grid-cols-[220px_minmax(0,1fr)]">
      <div className="hidden min-h-0 border-r border-stroke bg-sunken md:block">
        <Navigation />
      </div>
      <div className="flex h-full min-h-0 min-w-0 flex-col">
        <Header
          onOpenPalette={openPalette}
          onOpenNavigation={() => setOpen("navigation")}
          onOpenShortcuts={() => setOpen("shortcuts")}
        />
        <ServiceNotices />
        <main
          id="main"
          tabIndex={-1}
          onPointerOver={nameWhole}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none"
        >
          <ProjectGate>
            <Outlet />
          </ProjectGate>
        </main>
      </div>
      <Suspense fallback={null}>
        {open === "palette" && <Palette onClose={close} />}
        {open === "shortcuts" && <ShortcutSheet onClose={close} />}
        {open === "navigation" && <NavigationDrawer onClose={close} />}
      </Suspense>
    </div>
  );
}
