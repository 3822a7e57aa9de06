/** The route tree on one screen. Every page is its own chunk; loaders start the reads that the page shows first. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
  type RouteComponent,
} from "@tanstack/react-router";
import { preferencesQuery, readList, read, sessionQuery } from "./api/queries.ts";
import { lazyPage } from "./lazy-page.tsx";
import { PageFailed } from "./pages/failures/PageFailed.tsx";
import { paths, routePatterns, type RouteName } from "./paths.ts";
import { parseSearch, readListSearch, type Search, stringifySearch } from "./query-string.ts";
import { RootFrame } from "./shell/RootFrame.tsx";

interface RouterContext {
  queryClient: QueryClient;
}

const PageNotFound = lazyPage(async () => import("./pages/failures/PageNotFound.tsx"), "PageNotFound", false);
const PageNotFoundAlone = lazyPage(
  async () => import("./pages/failures/PageNotFound.tsx"),
  "PageNotFoundAlone",
  false,
);

const root = createRootRouteWithContext<RouterContext>()({
  component: RootFrame,
  // no frame is around what no route matches; the others have one
  notFoundComponent: PageNotFoundAlone,
  errorComponent: PageFailed,
  validateSearch: (search: Search) => search,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: routePatterns.signIn,
  loader: ({ context }) => context.queryClient.ensureQueryData(sessionQuery()),
  component: lazyPage(() => import("./pages/sign-in/SignInPage.tsx"), "default", false),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery());
    if (session.user === null) {
      const search: Record<string, string> = location.href === "/" ? {} : { returnTo: location.href };
      throw redirect({ to: paths.signIn(), search });
    }
    void context.queryClient.prefetchQuery(preferencesQuery());
  },
  component: lazyPage(() => import("./shell/Shell.tsx"), "default", false),
});

type Loads = (
  queryClient: QueryClient,
  place: { project: string; name: string },
  search: Search,
) => Promise<unknown>[];

function page(route: RouteName, component: RouteComponent, loads: Loads = () => []) {
  return createRoute({
    getParentRoute: () => shell,
    path: routePatterns[route],
    component,
    loaderDeps: ({ search }: { search: Search }) => search,
    loader: ({ context, params, deps }) => {
      const { project = "", name = "" } = params as { project?: string; name?: string }; // as: patterns have no other parameter
      for (const load of loads(context.queryClient, { project, name }, deps)) void load;
    },
  });
}

const list =
  (operation: "listVms" | "listImages" | "listDisks" | "listHosts" | "listVpcs" | "listSubnets"): Loads =>
  (queryClient, { project }, search) => [
    queryClient.prefetchQuery(
      readList(operation, { query: { ...readListSearch(search), ...(project ? { project } : {}) } }),
    ),
  ];

const vmsPage = lazyPage(() => import("./pages/vms/VmListPage.tsx"), "default", false);
const imagesPage = lazyPage(() => import("./pages/images/ImageListPage.tsx"));
const disksPage = lazyPage(() => import("./pages/disks/DiskListPage.tsx"));
const subnetsPage = lazyPage(() => import("./pages/networks/SubnetListPage.tsx"));
const subnetPage = lazyPage(() => import("./pages/networks/SubnetPage.tsx"));
const subnetLoads: Loads = (queryClient, { name }) => [
  queryClient.prefetchQuery(read("getSubnet", { params: { name } })),
];
const topologyPage = lazyPage(() => import("./pages/topology/TopologyPage.tsx"));
const textCreatePage = lazyPage(() => import("./pages/text-create/TextCreatePage.tsx"));
const secretsPage = lazyPage(() => import("./pages/secrets/SecretsPage.tsx"));
const kindsPage = lazyPage(() => import("./pages/kinds/KindsPage.tsx"));
const activityPage = lazyPage(() => import("./pages/activity/ActivityPage.tsx"));

const vm = page(
  "vm",
  lazyPage(() => import("./pages/vm-detail/VmLayout.tsx")),
  (queryClient, params) => [queryClient.prefetchQuery(read("getVm", { params }))],
);

function vmTab(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => vm, path, component });
}

const vmTabs = [
  vmTab(
    "/",
    lazyPage(() => import("./pages/vm-detail/OverviewTab.tsx")),
  ),
  vmTab(
    "console",
    lazyPage(() => import("./pages/vm-detail/VncTab.tsx")),
  ),
  vmTab(
    "serial",
    lazyPage(() => import("./pages/vm-detail/SerialTab.tsx")),
  ),
  vmTab(
    "disks",
    lazyPage(() => import("./pages/vm-detail/DisksTab.tsx")),
  ),
  vmTab(
    "network",
    lazyPage(() => import("./pages/vm-detail/NetworkTab.tsx")),
  ),
  vmTab(
    "snapshots",
    lazyPage(() => import("./pages/vm-detail/SnapshotsTab.tsx")),
  ),
  vmTab(
    "settings",
    lazyPage(() => import("./pages/vm-detail/SettingsTab.tsx")),
  ),
  vmTab(
    "events",
    lazyPage(() => import("./pages/vm-detail/EventsTab.tsx")),
  ),
  vmTab(
    "usage",
    lazyPage(() => import("./pages/vm-detail/UsageTab.tsx")),
  ),
  vmTab(
    "dependencies",
    lazyPage(() => import("./pages/vm-detail/RelationsTab.tsx")),
  ),
  vmTab(
    "yaml",
    lazyPage(() => import("./pages/vm-detail/YamlTab.tsx")),
  ),
  vmTab(
    "activity",
    lazyPage(() => import("./pages/vm-detail/ActivityTab.tsx")),
  ),
];

const host = page(
  "platformHost",
  lazyPage(() => import("./pages/hosts/HostLayout.tsx")),
  (queryClient, { name }) => [queryClient.prefetchQuery(read("getHost", { params: { name } }))],
);
const hostTabs = async () => import("./pages/hosts/HostTabs.tsx");

function hostTab(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => host, path, component });
}

const objectListPage = lazyPage(() => import("./objects/ObjectListPage.tsx"));
const objectLayout = lazyPage(() => import("./objects/ObjectLayout.tsx"));
const objectTabs = async () => import("./objects/ObjectTabs.tsx");
const objectForms = async () => import("./objects/ObjectFormPage.tsx");

/** One catalogued object's page, in a project or beside none. */
function objectRoute(route: "object" | "platformObject") {
  const layout = page(route, objectLayout);
  const tab = (path: string, component: RouteComponent) =>
    createRoute({ getParentRoute: () => layout, path, component });
  return layout.addChildren([
    tab("/", lazyPage(objectTabs, "ObjectOverviewTab")),
    tab("logs", lazyPage(objectTabs, "ObjectLogsTab")),
    tab("shell", lazyPage(objectTabs, "ObjectShellTab")),
    tab("events", lazyPage(objectTabs, "ObjectEventsTab")),
    tab("yaml", lazyPage(objectTabs, "ObjectYamlTab")),
    tab("activity", lazyPage(objectTabs, "ObjectActivityTab")),
  ]);
}

const image = page(
  "image",
  lazyPage(() => import("./pages/images/ImageLayout.tsx")),
  (queryClient, params) => [queryClient.prefetchQuery(read("getImage", { params }))],
);
const imageTabs = async () => import("./pages/images/ImageTabs.tsx");
const imageTab = (path: string, component: RouteComponent) =>
  createRoute({ getParentRoute: () => image, path, component });

const disk = page(
  "disk",
  lazyPage(() => import("./pages/disk-detail/DiskLayout.tsx")),
  (queryClient, params) => [queryClient.prefetchQuery(read("getDisk", { params }))],
);
const diskTab = (
  path: string,
  part: "DiskOverviewTab" | "DiskEventsTab" | "DiskYamlTab" | "DiskActivityTab",
) =>
  createRoute({
    getParentRoute: () => disk,
    path,
    component: lazyPage(() => import("./pages/disk-detail/DiskTabs.tsx"), part),
  });
const diskTabs = [
  diskTab("/", "DiskOverviewTab"),
  diskTab("events", "DiskEventsTab"),
  diskTab("yaml", "DiskYamlTab"),
  diskTab("activity", "DiskActivityTab"),
];

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    page(
      "home",
      lazyPage(() => import("./pages/projects/HomePage.tsx")),
    ),
    page(
      "projects",
      lazyPage(() => import("./pages/projects/ProjectListPage.tsx")),
    ),
    page(
      "project",
      lazyPage(() => import("./pages/projects/ProjectPage.tsx")),
    ),
    page(
      "projectCreate",
      lazyPage(() => import("./pages/projects/ProjectCreatePage.tsx")),
    ),
    page(
      "projectEdit",
      lazyPage(() => import("./pages/projects/ProjectEditPage.tsx")),
    ),
    page(
      "projectRights",
      lazyPage(() => import("./pages/projects/ProjectRightsPage.tsx")),
    ),
    page(
      "projectYaml",
      lazyPage(() => import("./pages/projects/ProjectYamlPage.tsx")),
    ),
    page("textCreate", textCreatePage),
    page("platformTextCreate", textCreatePage),
    page("kinds", kindsPage),
    page("kind", kindsPage),
    page("platformKinds", kindsPage),
    page("platformKind", kindsPage),
    page("vms", vmsPage, list("listVms")),
    page(
      "vmCreate",
      lazyPage(() => import("./pages/vm-create/VmCreatePage.tsx")),
    ),
    vm.addChildren(vmTabs),
    page("disks", disksPage, list("listDisks")),
    page(
      "diskCreate",
      lazyPage(() => import("./pages/disk-create/DiskCreatePage.tsx")),
    ),
    disk.addChildren(diskTabs),
    page("images", imagesPage, list("listImages")),
    image.addChildren([
      imageTab("/", lazyPage(imageTabs, "ImageOverviewTab")),
      imageTab("events", lazyPage(imageTabs, "ImageEventsTab")),
      imageTab("yaml", lazyPage(imageTabs, "ImageYamlTab")),
      imageTab("activity", lazyPage(imageTabs, "ImageActivityTab")),
    ]),
    page(
      "imageImport",
      lazyPage(() => import("./pages/images/ImageImportPage.tsx")),
    ),
    page(
      "imageUpload",
      lazyPage(() => import("./pages/images/ImageUploadPage.tsx")),
    ),
    page("networks", subnetsPage, list("listSubnets")),
    page("network", subnetPage, subnetLoads),
    page("activity", activityPage),
    page("secrets", secretsPage),
    page("secretCreate", secretsPage),
    page("secret", secretsPage),
    page("topology", topologyPage),
    page("platformTopology", topologyPage),
    page("platformVms", vmsPage, list("listVms")),
    page(
      "platformHosts",
      lazyPage(() => import("./pages/hosts/HostListPage.tsx")),
      list("listHosts"),
    ),
    host.addChildren([
      hostTab(
        "/",
        lazyPage(() => import("./pages/hosts/HostOverviewTab.tsx")),
      ),
      hostTab(
        "machines",
        lazyPage(() => import("./pages/hosts/HostMachinesTab.tsx")),
      ),
      hostTab(
        "drain",
        lazyPage(() => import("./pages/hosts/HostDrainTab.tsx")),
      ),
      hostTab("usage", lazyPage(hostTabs, "HostUsageTab")),
      hostTab("events", lazyPage(hostTabs, "HostEventsTab")),
      hostTab("yaml", lazyPage(hostTabs, "HostYamlTab")),
      hostTab("activity", lazyPage(hostTabs, "HostActivityTab")),
    ]),
    page(
      "hostMap",
      lazyPage(() => import("./pages/capacity/HostMapPage.tsx")),
    ),
    page(
      "capacity",
      lazyPage(() => import("./pages/capacity/CapacityPage.tsx")),
      (queryClient) => [queryClient.prefetchQuery(read("getCapacity", {}))],
    ),
    page(
      "platformOverview",
      lazyPage(() => import("./pages/platform-overview/PlatformOverviewPage.tsx")),
      (queryClient) => [queryClient.prefetchQuery(read("getCapacity", {}))],
    ),
    page(
      "platformStatus",
      lazyPage(() => import("./pages/platform-status/PlatformStatusPage.tsx")),
      (queryClient) => [queryClient.prefetchQuery(read("getPlatformStatus", {}))],
    ),
    page("platformImages", imagesPage, list("listImages")),
    page("platformDisks", disksPage, list("listDisks")),
    page(
      "platformVpcs",
      lazyPage(() => import("./pages/networks/VpcListPage.tsx")),
      list("listVpcs"),
    ),
    page("platformSubnets", subnetsPage, list("listSubnets")),
    page("platformActivity", activityPage),
    page("objects", objectListPage),
    page("platformObjects", objectListPage),
    page("objectCreate", lazyPage(objectForms, "ObjectCreatePage")),
    page("platformObjectCreate", lazyPage(objectForms, "ObjectCreatePage")),
    page("objectEdit", lazyPage(objectForms, "ObjectEditPage")),
    page("platformObjectEdit", lazyPage(objectForms, "ObjectEditPage")),
    objectRoute("object"),
    objectRoute("platformObject"),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: (text) => parseSearch(text),
    stringifySearch: (search) => stringifySearch(search),
    defaultPreload: "intent",
    defaultPreloadStaleTime: 5000,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageNotFound,
    scrollRestoration: true,
  });
}
