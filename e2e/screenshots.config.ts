/** The contact sheet uses the tests' own server and settings, with another folder of files. */
import config from "./playwright.config.ts";

export default { ...config, testDir: "screenshots" };
