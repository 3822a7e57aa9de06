/** Changes of a machine one by one: what, from what to what, and when it reaches the guest. */
import type { SettingChange } from "@kubev/api-types/vm-settings";
import { Badge } from "../ui/Status.tsx";
import { effectWords, settingLabel, settingValue } from "./setting-words.ts";

export function SettingChanges({ changes }: { changes: readonly SettingChange[] }) {
  return (
    <ul className="divide-y divide-stroke rounded-md border border-stroke bg-raised">
      {changes.map((change) => {
        const effect = effectWords[change.effect];
        return (
          <li key={change.field} className="flex min-w-0 flex-col gap-0.5 px-3 py-2">
            <div className="flex min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1">
              <span className="min-w-0 font-medium break-all">{settingLabel(change.field)}</span>
              <Badge tone={effect.tone}>{effect.word}</Badge>
            </div>
            <span className="text-secondary break-words">
              {settingValue(change.field, change.from)} → {settingValue(change.field, change.to)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
