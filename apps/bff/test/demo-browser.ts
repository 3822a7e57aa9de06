/** What a browser does while somebody signs in at the demo's identity provider: cookies per origin, redirects, the form. */
import type { KubeSim } from "@kubev/kube-sim/start";
import { Person } from "./console-under-test.ts";

/** A browser's cookie jar, per origin. */
export class Browser {
  readonly #sim: KubeSim;
  readonly jars = new Map<string, Map<string, string>>();

  constructor(sim: KubeSim) {
    this.#sim = sim;
  }

  async go(
    url: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const equals = pair.indexOf("=");
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, equals));
      else jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return response;
  }

  /** Follows redirects until the callback comes up, which is not visited. */
  async untilCallback(first: string, userName: string): Promise<string> {
    let url = first;
    for (let hops = 0; hops < 12; hops += 1) {
      if (new URL(url).pathname === "/api/session/oidc/callback") return url;
      const response = await this.go(url);
      const location = response.headers.get("location");
      if (location !== null) {
        url = new URL(location, url).href;
        continue;
      }
      const password = this.#sim.users.find((user) => user.name === userName)?.password ?? "";
      const posted = await this.go(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ user: userName, password }).toString(),
      });
      url = new URL(posted.headers.get("location") ?? "/lost", url).href;
    }
    throw new Error(`No callback; the last page was ${url}`);
  }

  /** Signs in at a console, through the provider's own page. */
  async signIn(consoleUrl: string, userName: string): Promise<Person> {
    const callback = await this.untilCallback(`${consoleUrl}/api/session/oidc/start?returnTo=/`, userName);
    await this.go(callback);
    const id = this.jars.get(consoleUrl)?.get("__Host-kubev") ?? "";
    return new Person(consoleUrl, `__Host-kubev=${id}`);
  }
}
