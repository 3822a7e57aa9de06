/** One image as its page shows it: what it is, its events, and its text, which is its DataSource's. */
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { diskEventSelectors } from "./disk-detail.ts";
import { imageDetailOf, imageObjects, visibleImage } from "./image-detail.ts";
import { eventsOf } from "./object-events.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";

interface Named {
  project: string;
  name: string;
}

const textPath = ({ project, name }: Named) => objectPath(types.dataSource, name, project);

export function imageReadOperations(services: Services) {
  return {
    getImage: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) =>
        imageDetailOf(services, caller, await visibleImage(services, caller, project, name)),
    },
    listImageEvents: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const entry = await visibleImage(services, caller, project, name);
        const { claimName, claimNamespace } = entry.image;
        // what fills it tells its progress there; of another project's disk the events are read there
        const ofDisk =
          claimName === "" || claimNamespace !== project
            ? []
            : diskEventSelectors(claimName, await imageObjects(caller, entry));
        return eventsOf(caller.client, project, [
          `involvedObject.kind=DataSource,involvedObject.name=${name}`,
          ...ofDisk,
        ]);
      },
    },
    getImageYaml: {
      access: "session",
      handle: async ({ caller, params }) => {
        await visibleImage(services, caller, params.project, params.name);
        return readText(caller.client, textPath(params));
      },
    },
    checkImageYaml: {
      access: "session",
      handle: async ({ caller, params, body }) => {
        await visibleImage(services, caller, params.project, params.name);
        return checkText(caller.client, textPath(params), body);
      },
    },
    putImageYaml: {
      access: "session",
      audit: ({ params }) => ({ action: "edit", noun: "image", ...params, diff: [] }),
      handle: async ({ caller, params, body, audit }) => {
        await visibleImage(services, caller, params.project, params.name);
        return storeText(caller.client, textPath(params), body, audit);
      },
    },
  } satisfies Partial<Operations>;
}
