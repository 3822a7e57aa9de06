/** Who did what to the machine. */
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { TabBody } from "../../components/TabBody.tsx";

export default function ActivityTab() {
  const { project, name } = useNamed();
  useTitle(`Activity of ${name}`);
  return (
    <TabBody>
      <ActivityFeed query={{ project, name, noun: "virtual-machine" }} />
    </TabBody>
  );
}
