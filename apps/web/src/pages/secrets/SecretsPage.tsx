/** The pages of secrets as one chunk: which of them, the path says. Three would cost every first screen the names of their parts. */
import { useRouterState } from "@tanstack/react-router";
import { useNamed } from "../../components/use-place.ts";
import { paths } from "../../paths.ts";
import { SecretCreatePage } from "./SecretCreatePage.tsx";
import { SecretListPage } from "./SecretListPage.tsx";
import { SecretPage } from "./SecretPage.tsx";

export default function SecretsPage() {
  const { project, name } = useNamed();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (name !== "") return <SecretPage key={name} />;
  return path.replace(/\/$/, "") === paths.secretCreate(project) ? <SecretCreatePage /> : <SecretListPage />;
}
