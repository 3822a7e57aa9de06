/** Objects of any kind as one chunk: all kinds, one kind's objects, or one object, by how much the path says. */
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useProject, useRest } from "../../components/use-place.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/States.tsx";
import { AnyObjectPage } from "./AnyObjectPage.tsx";
import { KindListPage } from "./KindListPage.tsx";
import { KindObjectsPage } from "./KindObjectsPage.tsx";
import { kindPlace } from "./kind-place.ts";

export default function KindsPage() {
  const project = useProject();
  const [group, version, plural, name, more] = useRest();
  if (group === undefined) return <KindListPage project={project} />;
  if (version === undefined || plural === undefined || more !== undefined)
    return (
      <EmptyState
        wholePage
        title="There is no such page"
        action={<ButtonLink to={paths.kinds(project)}>All kinds</ButtonLink>}
      >
        The address of a kind names its group, its version and its plural, that of an object its name as well.
      </EmptyState>
    );
  const kind = kindPlace(group, version, plural);
  const key = JSON.stringify([kind, project, name]);
  return name === undefined ? (
    <KindObjectsPage key={key} kind={kind} project={project} />
  ) : (
    <AnyObjectPage key={key} kind={kind} project={project} name={name} />
  );
}
