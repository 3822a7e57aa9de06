/** The route tree on one screen. Every page is its own chunk; loaders start the reads that the page shows first. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouteComponent,
} from "@tanstack/react-router";
import { preferencesQuery, readList, read, sessionQuery } from "./api/queries.ts";
import { PageFailed } from "./pages/failures/PageFailed.tsx";
import { PageNotFound } from "./pages/failures/PageNotFound.tsx";
import { paths, routePatterns, type RouteName } from "./paths.ts";
import { parseSearch, readListSearch, type Search, stringifySearch } from "./query-string.ts";
import { RootFrame } from "./shell/RootFrame.tsx";

interface RouterContext {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: RootFrame,
  notFoundComponent: PageNotFound,
  errorComponent: PageFailed,
  validateSearch: (search: Search) => search,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: routePatterns.signIn,
  loader: ({ context }) => context.queryClient.ensureQueryData(sessionQuery()),
  component: lazyRouteComponent(() => import("./pages/sign-in/SignInPage.tsx")),
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
  component: lazyRouteComponent(() => import("./shell/Shell.tsx")),
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

const vmsPage = lazyRouteComponent(() => import("./pages/vms/VmListPage.tsx"));
const imagesPage = lazyRouteComponent(() => import("./pages/images/ImageListPage.tsx"));
const disksPage = lazyRouteComponent(() => import("./pages/disks/DiskListPage.tsx"));
const subnetsPage = lazyRouteComponent(() => import("./pages/networks/SubnetListPage.tsx"));
const subnetPage = lazyRouteComponent(() => import("./pages/networks/SubnetPage.tsx"));
const subnetLoads: Loads = (queryClient, { name }) => [
  queryClient.prefetchQuery(read("getSubnet", { params: { name } })),
];
const activityPage = lazyRouteComponent(() => import("./pages/activity/ActivityPage.tsx"));

const vm = page(
  "vm",
  lazyRouteComponent(() => import("./pages/vm-detail/VmLayout.tsx")),
  (queryClient, params) => [queryClient.prefetchQuery(read("getVm", { params }))],
);

function vmTab(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => vm, path, component });
}

const vmTabs = [
  vmTab(
    "/",
    lazyRouteComponent(() => import("./pages/vm-detail/OverviewTab.tsx")),
  ),
  vmTab(
    "console",
    lazyRouteComponent(() => import("./pages/vm-detail/VncTab.tsx")),
  ),
  vmTab(
    "serial",
    lazyRouteComponent(() => import("./pages/vm-detail/SerialTab.tsx")),
  ),
  vmTab(
    "disks",
    lazyRouteComponent(() => import("./pages/vm-detail/DisksTab.tsx")),
  ),
  vmTab(
    "network",
    lazyRouteComponent(() => import("./pages/vm-detail/NetworkTab.tsx")),
  ),
  vmTab(
    "events",
    lazyRouteComponent(() => import("./pages/vm-detail/EventsTab.tsx")),
  ),
  vmTab(
    "usage",
    lazyRouteComponent(() => import("./pages/vm-detail/UsageTab.tsx")),
  ),
  vmTab(
    "yaml",
    lazyRouteComponent(() => import("./pages/vm-detail/YamlTab.tsx")),
  ),
  vmTab(
    "activity",
    lazyRouteComponent(() => import("./pages/vm-detail/ActivityTab.tsx")),
  ),
];

const host = page(
  "platformHost",
  lazyRouteComponent(() => import("./pages/hosts/HostLayout.tsx")),
  (queryClient, { name }) => [queryClient.prefetchQuery(read("getHost", { params: { name } }))],
);
const hostTabs = async () => import("./pages/hosts/HostTabs.tsx");

function hostTab(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => host, path, component });
}

const objectListPage = lazyRouteComponent(() => import("./objects/ObjectListPage.tsx"));
const objectLayout = lazyRouteComponent(() => import("./objects/ObjectLayout.tsx"));
const objectTabs = async () => import("./objects/ObjectTabs.tsx");
const objectForms = async () => import("./objects/ObjectFormPage.tsx");

/** One catalogued object's page, in a project or beside none. */
function objectRoute(route: "object" | "platformObject") {
  const layout = page(route, objectLayout);
  const tab = (path: string, component: RouteComponent) =>
    createRoute({ getParentRoute: () => layout, path, component });
  return layout.addChildren([
    tab("/", lazyRouteComponent(objectTabs, "ObjectOverviewTab")),
    tab("events", lazyRouteComponent(objectTabs, "ObjectEventsTab")),
    tab("yaml", lazyRouteComponent(objectTabs, "ObjectYamlTab")),
    tab("activity", lazyRouteComponent(objectTabs, "ObjectActivityTab")),
  ]);
}

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    page(
      "home",
      lazyRouteComponent(() => import("./pages/projects/HomePage.tsx")),
    ),
    page(
      "projects",
      lazyRouteComponent(() => import("./pages/projects/ProjectListPage.tsx")),
    ),
    page(
      "project",
      lazyRouteComponent(() => import("./pages/projects/ProjectPage.tsx")),
    ),
    page("vms", vmsPage, list("listVms")),
    page(
      "vmCreate",
      lazyRouteComponent(() => import("./pages/vm-create/VmCreatePage.tsx")),
    ),
    vm.addChildren(vmTabs),
    page("disks", disksPage, list("listDisks")),
    page("images", imagesPage, list("listImages")),
    page(
      "imageUpload",
      lazyRouteComponent(() => import("./pages/images/ImageUploadPage.tsx")),
    ),
    page("networks", subnetsPage, list("listSubnets")),
    page("network", subnetPage, subnetLoads),
    page("activity", activityPage),
    page("platformVms", vmsPage, list("listVms")),
    page(
      "platformHosts",
      lazyRouteComponent(() => import("./pages/hosts/HostListPage.tsx")),
      list("listHosts"),
    ),
    host.addChildren([
      hostTab(
        "/",
        lazyRouteComponent(() => import("./pages/hosts/HostOverviewTab.tsx")),
      ),
      hostTab(
        "machines",
        lazyRouteComponent(() => import("./pages/hosts/HostMachinesTab.tsx")),
      ),
      hostTab(
        "drain",
        lazyRouteComponent(() => import("./pages/hosts/HostDrainTab.tsx")),
      ),
      hostTab("usage", lazyRouteComponent(hostTabs, "HostUsageTab")),
      hostTab("events", lazyRouteComponent(hostTabs, "HostEventsTab")),
      hostTab("yaml", lazyRouteComponent(hostTabs, "HostYamlTab")),
      hostTab("activity", lazyRouteComponent(hostTabs, "HostActivityTab")),
    ]),
    page(
      "hostMap",
      lazyRouteComponent(() => import("./pages/capacity/HostMapPage.tsx")),
    ),
    page(
      "capacity",
      lazyRouteComponent(() => import("./pages/capacity/CapacityPage.tsx")),
      (queryClient) => [queryClient.prefetchQuery(read("getCapacity", {}))],
    ),
    page(
      "platformStatus",
      lazyRouteComponent(() => import("./pages/platform-status/PlatformStatusPage.tsx")),
      (queryClient) => [queryClient.prefetchQuery(read("getPlatformStatus", {}))],
    ),
    page("platformImages", imagesPage, list("listImages")),
    page("platformDisks", disksPage, list("listDisks")),
    page(
      "platformVpcs",
      lazyRouteComponent(() => import("./pages/networks/VpcListPage.tsx")),
      list("listVpcs"),
    ),
    page(
      "vpc",
      lazyRouteComponent(() => import("./pages/networks/VpcPage.tsx")),
      (queryClient, { name }) => [queryClient.prefetchQuery(read("getVpc", { params: { name } }))],
    ),
    page(
      "vpcCreate",
      lazyRouteComponent(() => import("./pages/networks/VpcCreatePage.tsx")),
    ),
    page("platformSubnets", subnetsPage, list("listSubnets")),
    page("platformSubnet", subnetPage, subnetLoads),
    page(
      "subnetCreate",
      lazyRouteComponent(() => import("./pages/networks/SubnetCreatePage.tsx")),
    ),
    page("platformActivity", activityPage),
    page("objects", objectListPage),
    page("platformObjects", objectListPage),
    page("objectCreate", lazyRouteComponent(objectForms, "ObjectCreatePage")),
    page("platformObjectCreate", lazyRouteComponent(objectForms, "ObjectCreatePage")),
    page("objectEdit", lazyRouteComponent(objectForms, "ObjectEditPage")),
    page("platformObjectEdit", lazyRouteComponent(objectForms, "ObjectEditPage")),
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
