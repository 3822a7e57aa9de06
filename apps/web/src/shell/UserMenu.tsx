/** The person: who, how it looks, shortcuts, sign-out. */
import type { UserPreferences } from "@kubev/api-types/preferences";
import { useMutation } from "@tanstack/react-query";
import { Keyboard, LogOut } from "lucide-react";
import { useContext } from "react";
import { toast } from "../ui/toast.ts";
import { call } from "../api/client.ts";
import { LiveContext } from "../api/live/use-live.ts";
import { usePreferences } from "../components/use-preferences.ts";
import { useSession } from "../components/use-session.ts";
import { paths } from "../paths.ts";
import { errorLine } from "../reasons/error-text.ts";
import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator } from "../ui/Menu.tsx";

type Theme = UserPreferences["theme"];
type Density = UserPreferences["density"];

export function UserMenu({ onOpenShortcuts }: { onOpenShortcuts: () => void }) {
  const { user, signInModes } = useSession();
  const { preferences, update } = usePreferences();
  const live = useContext(LiveContext);
  const signOut = useMutation({
    mutationFn: () => {
      live?.stop(); // else its end would be taken for a session that was lost, to be gone back to
      return call("signOut", {});
    },
    onError: (error) => {
      live?.start();
      toast.error(`You could not be signed out. ${errorLine(error)}`);
    },
    // A new document: nothing of this person stays in memory, and the next one does not begin on this page.
    onSuccess: () => {
      sessionStorage.clear(); // unfinished forms are this person's too
      location.assign(paths.signIn());
    },
  });
  const shown = user.displayName || user.name;
  const localOnly = signInModes.length === 1 && signInModes[0] === "kubeconfig";
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`${shown}: your menu`}
          className="flex size-8 items-center justify-center rounded-full border border-stroke bg-raised text-xs font-semibold text-secondary uppercase hover:bg-hover"
        >
          {shown.slice(0, 1)}
        </button>
      }
    >
      <div className="max-w-72 px-2 py-1.5">
        <div className="truncate font-medium">{shown}</div>
        {user.displayName && user.displayName !== user.name ? (
          <div className="truncate text-xs text-tertiary">{user.name}</div>
        ) : null}
      </div>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuRadioGroup<Theme>
        value={preferences.theme}
        onChange={(theme) => update({ theme })}
        choices={[
          { value: "system", label: "As the system" },
          { value: "dark", label: "Dark" },
          { value: "light", label: "Light" },
        ]}
      />
      <MenuLabel>Rows</MenuLabel>
      <MenuRadioGroup<Density>
        value={preferences.density}
        onChange={(density) => update({ density })}
        choices={[
          { value: "default", label: "Comfortable" },
          { value: "compact", label: "Compact" },
        ]}
      />
      <MenuLabel>Keys pressed alone</MenuLabel>
      <MenuRadioGroup<"on" | "off">
        value={preferences.singleKeys ? "on" : "off"}
        onChange={(singleKeys) => update({ singleKeys: singleKeys === "on" })}
        choices={[
          { value: "on", label: "Are shortcuts" },
          { value: "off", label: "Do nothing" },
        ]}
      />
      <MenuSeparator />
      <MenuItem
        icon={<Keyboard size={16} strokeWidth={1.5} aria-hidden />}
        onSelect={onOpenShortcuts}
        hint={preferences.singleKeys ? "?" : undefined}
      >
        Keyboard shortcuts
      </MenuItem>
      <MenuItem
        icon={<LogOut size={16} strokeWidth={1.5} aria-hidden />}
        onSelect={() => signOut.mutate()}
        disabledReason={
          localOnly ? "This console uses your kubeconfig; there is nothing to sign out of." : undefined
        }
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
