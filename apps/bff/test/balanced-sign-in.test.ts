/**
 * Signing in at a provider with two replicas behind a balancer that knows nothing of sessions: a sign-in that begins at one ends
 * at the other, and a refresh token, which works once, is spent once, whoever is asked.
 */
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Balancer } from "./balancer.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { type Claims, clientId, clientSecret, signed, startHostileIssuer } from "./hostile-issuer.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { ShiftedClock } from "./shifted-clock.ts";

describe.skipIf(postgresMissing !== null)("sign-in behind a balancer", () => {
  const balancer = new Balancer();
  const clock = new ShiftedClock();
  let postgres: PostgresServer;
  let provider: Awaited<ReturnType<typeof startHostileIssuer>>;
  let sim: KubeSim;
  let replicas: ConsoleUnderTest[];
  let url: string;

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    provider = await startHostileIssuer();
    sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
    const env = {
      DATABASE_URL: await postgres.database(),
      SESSION_KEY: "one key that both replicas were given",
      SESSION_IDLE_MINUTES: "600",
      ACTING_MODE: "impersonate",
      SIGN_IN_MODES: "oidc",
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_USERNAME_CLAIM: "email",
      OIDC_USER_PREFIX: "-",
      OIDC_GROUPS_PREFIX: "-",
    };
    replicas = await Promise.all([1, 2].map(async () => startConsole({ sim, env, clock })));
    balancer.targets.push(...replicas.map((one) => Number(new URL(one.url).port)));
    url = await balancer.listen();
  }, 120_000);
  afterAll(async () => {
    await balancer.close();
    await Promise.all(replicas.map(async (one) => one.close()));
    await sim.close();
    await provider.close();
    await postgres.close();
  });

  const seconds = () => Math.floor(Date.now() / 1000);
  const claims = (groups: string[], nonce?: string): Claims => ({
    iss: provider.issuer,
    sub: "1",
    aud: clientId,
    nonce,
    iat: seconds(),
    exp: seconds() + 3600,
    email: "carol@example.org",
    groups,
  });
  /** Each renewal gives the next group: which one a session has tells how often it was renewed. */
  const renewInto = (first: number) => {
    let next = first;
    provider.renewWith(() => signed(claims([`renewed-${next++}`]), provider.key()));
  };

  /** The routes of sign-in that a replica answered. */
  const answeredBy = (replica: ConsoleUnderTest | undefined) =>
    (replica?.logs ?? []).flatMap((line) => /"route":"\/api\/session\/oidc\/(\w+)"/.exec(line)?.[1] ?? []);

  /** What a browser does; each of its requests is a connection of its own. */
  async function signIn(): Promise<Person> {
    await balancer.cutAll();
    const begun = await fetch(`${url}/api/session/oidc/start?returnTo=/vms`, { redirect: "manual" });
    const { searchParams } = new URL(begun.headers.get("location") ?? "");
    const of = (name: string) => searchParams.get(name) ?? "";
    const code = provider.code({ challenge: of("code_challenge"), nonce: of("nonce") }, (nonce) =>
      signed(claims(["signed-in"], nonce), provider.key()),
    );
    const flow = begun.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    await balancer.cutAll();
    const query = new URLSearchParams({ state: of("state"), code }).toString();
    const person = new Person(url, flow);
    const back = await person.fetch("GET", `/api/session/oidc/callback?${query}`);
    expect(back.headers.get("location")).toBe("/vms");
    return person;
  }

  const groupOf = async (person: Person) => (await person.call("getSession")).user?.groups[0];
  /** Of the same session at each replica by itself. */
  const groupsAtBoth = async ({ cookie }: Person) =>
    Promise.all(replicas.map(async (replica) => groupOf(new Person(replica.url, cookie))));

  test("what begins at one replica ends at the other, whichever comes first", async () => {
    renewInto(1);
    const before = replicas.map((replica) => answeredBy(replica).length);
    for (let round = 0; round < 3; round += 1)
      expect(await groupsAtBoth(await signIn())).toEqual(["signed-in", "signed-in"]);
    // each sign-in is two connections, taken in turns: one began them all, the other ended them all
    await until(() => replicas.every((replica, at) => answeredBy(replica).length === (before[at] ?? 0) + 3));
    const kinds = replicas.map((replica, at) => new Set(answeredBy(replica).slice(before[at])));
    expect(kinds.map((each) => [...each].join()).toSorted()).toEqual(["callback", "start"]);
  });

  test("many requests at once over both renew once, and every replica sees it", async () => {
    renewInto(1);
    const person = await signIn();
    for (let renewal = 1; renewal <= 2; renewal += 1) {
      const before = provider.renewals();
      clock.forward(55 * 60_000); // of sixty minutes
      await balancer.cutAll();
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, at) =>
          new Person(at % 5 === 0 ? url : (replicas[at % 2]?.url ?? url), person.cookie).ask("listKinds"),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(provider.renewals()).toBe(before + 1);
      // what a replica knows of a session it reads again after ten seconds
      clock.forward(11_000);
      expect(await groupsAtBoth(person)).toEqual([`renewed-${renewal}`, `renewed-${renewal}`]);
    }
  });

  test("a renewal that one replica could not finish is finished by the other, with the token that came", async () => {
    renewInto(1);
    const person = await signIn();
    const [first, second] = replicas.map((replica) => new Person(replica.url, person.cookie));
    if (first === undefined || second === undefined) throw new Error("Two replicas make two persons");
    const before = provider.renewals();
    clock.forward(55 * 60_000);
    provider.beforeRenewal(() => {
      provider.beforeRenewal(() => {});
      provider.rotate("while it is spent");
      provider.failKeys(true);
    });
    expect((await first.ask("listKinds")).status).toBe(200);
    expect(await groupOf(first)).toBe("signed-in");
    provider.failKeys(false);
    expect((await second.ask("listKinds")).status).toBe(200);
    expect(provider.renewals()).toBe(before + 2);
    clock.forward(11_000);
    expect(await groupsAtBoth(person)).toEqual(["renewed-2", "renewed-2"]);
  });
});
