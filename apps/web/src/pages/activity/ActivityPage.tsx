/** Who did what: in one project, or everywhere. Filters live in the URL. */
import type { ActivityQuery } from "@kubev/api-types/activity";
import { useEffect, useState } from "react";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { useProject, useSetUrlSearch, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";

const nounChoices = [
  { value: "", label: "Everything" },
  { value: "virtual-machine", label: "Virtual machines" },
  { value: "image", label: "Images" },
  { value: "disk", label: "Disks" },
  { value: "project", label: "Projects" },
] as const;
type NounChoice = (typeof nounChoices)[number]["value"];

export default function ActivityPage() {
  const project = useProject();
  const search = useUrlSearch();
  const setSearch = useSetUrlSearch();
  useTitle("Activity");
  const noun: NounChoice = nounChoices.find((choice) => choice.value === search["noun"])?.value ?? "";
  const user = search["user"] ?? "";
  const query: Partial<ActivityQuery> = {
    ...(project === undefined ? {} : { project }),
    ...(noun === "" ? {} : { noun }),
    ...(user === "" ? {} : { user }),
  };
  return (
    <div className="flex w-full max-w-4xl flex-col gap-4 px-3 py-4 md:px-5">
      <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
      <div className="flex flex-wrap gap-3">
        <Select<NounChoice>
          label="About"
          value={noun}
          onChange={(value) => setSearch({ noun: value })}
          choices={nounChoices}
          className="w-48"
        />
        <UserFilter user={user} onChange={(value) => setSearch({ user: value }, true)} />
      </div>
      <ActivityFeed query={query} />
    </div>
  );
}

function UserFilter({ user, onChange }: { user: string; onChange: (user: string) => void }) {
  const [text, setText] = useState(user);
  useEffect(() => {
    if (text === user) return;
    const timer = setTimeout(() => onChange(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, user, onChange]);
  return <TextField label="By" placeholder="Anybody" value={text} onChange={setText} className="w-48" />;
}
